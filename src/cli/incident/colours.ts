/**
 * The colours of the score: one order of lightness from nothing to the own alarm line, safe for colour-blind eyes
 * (after the ramp *mako* of seaborn, 2020), dark on light ground and the other way round. What is at or over the line has
 * a hue of its own. The scale is a square root, so that a quiet day shows.
 */
export const scaleSteps = 100
/** Values of a cell: 0 … 100 in percent of the own line, then these. */
export const atLine = 101
export const notMeasured = 102

type Rgb = readonly [number, number, number]

const ramp: readonly Rgb[] = [
  [0xe6, 0xf5, 0xea],
  [0x8a, 0xd9, 0xb1],
  [0x40, 0xb7, 0xad],
  [0x34, 0x8f, 0xa7],
  [0x37, 0x65, 0x9e],
  [0x41, 0x3d, 0x7b],
  [0x2e, 0x1e, 0x3c],
]

const darkRamp: readonly Rgb[] = [
  [0x2b, 0x2a, 0x46],
  [0x41, 0x3d, 0x7b],
  [0x37, 0x65, 0x9e],
  [0x34, 0x8f, 0xa7],
  [0x40, 0xb7, 0xad],
  [0x8a, 0xd9, 0xb1],
  [0xee, 0xfb, 0xf2],
]

/** 103 colours, all different: a picture can be read back into its values. */
export function palette(theme: 'light' | 'dark'): Rgb[] {
  const light = theme === 'light'
  const stops = light ? ramp : darkRamp
  const nothing: Rgb = light ? [0xfa, 0xfb, 0xfb] : [0x1d, 0x26, 0x2a]
  const steps = Array.from({ length: scaleSteps }, (_, i) => between(stops, Math.sqrt((i + 1) / scaleSteps)))
  const line: Rgb = light ? [0xd5, 0x5e, 0x00] : [0xff, 0x9d, 0x3b]
  const grey: Rgb = light ? [0xb4, 0xb9, 0xba] : [0x58, 0x5e, 0x60]
  return [nothing, ...steps, line, grey]
}

/** What a share of the own line is drawn as; a trace is never drawn as nothing, NaN is a gap. */
export function cellOf(share: number): number {
  if (!Number.isFinite(share)) return notMeasured
  if (share <= 0) return 0
  return share >= 1 ? atLine : Math.max(1, Math.round(share * scaleSteps))
}

export function cssColour([r, g, b]: Rgb): string {
  return `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function between(stops: readonly Rgb[], t: number): Rgb {
  const place = t * (stops.length - 1)
  const i = Math.min(stops.length - 2, Math.floor(place))
  const part = (k: number): number => Math.round(stops[i][k] + (stops[i + 1][k] - stops[i][k]) * (place - i))
  return [part(0), part(1), part(2)]
}
