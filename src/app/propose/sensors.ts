/** Sensors: where flows lie in several directories, each may be one. Which of them see the same bytes is in no log. */
import { countText, plural } from '../../model/amount-text.ts'
import type { Proposed } from './networks.ts'
import type { Sample, SampledFlow } from './sample.ts'

export interface ProposedSensor extends Proposed {
  id: string
  match: string
  segment: string
  accounts: boolean
}

const nearMs = 1_000

export function proposeSensors(sample: Sample, nameOf: (text: string) => string | undefined): ProposedSensor[] {
  if (sample.places.length < 2) return []
  const flows = sample.places.map((_, place) => sample.flows.filter((flow) => flow.place === place))
  const order = sample.places.map((_, i) => i).sort((a, b) => flows[b].length - flows[a].length || a - b)
  const ids = new Set<string>()
  const sensors = order.map((place, rank) => {
    const { directory, files } = sample.places[place]
    const id = uniqueId(sensorName(directory, flows[place], nameOf), ids)
    const proposed = { id, match: globOf(directory), segment: 'border', accounts: rank === 0, directory }
    const because = [`${countText(flows[place].length)} flows of the sample in ${plural(files, 'file')}`]
    if (rank === 0) return { ...proposed, because }
    const [first] = ids
    if (!overlap(flows[order[0]], flows[place])) {
      const apart = `watched at other times than ${first}, so both count: a segment of its own`
      return { ...proposed, segment: id, accounts: true, because: [...because, apart] }
    }
    const both = seenTwice(flows[order[0]], flows[place])
    const seen =
      both > 0 ? `${plural(both, 'flow')} also seen by ${first}` : `no flow also seen by ${first} in the sample`
    const advice = `not counted as long as it is taken to see the same link as ${first}; if it watches another one, give it a segment of its own and accounts: true`
    return { ...proposed, because: [...because, seen, advice] }
  })
  // the first glob that matches decides: what lies inside another directory comes before that
  const depthOf = ({ directory }: { directory: string }): number => directory.split('/').length
  const nested = sensors.some((a) => sensors.some((b) => b.directory.startsWith(`${a.directory}/`)))
  if (nested) sensors.sort((a, b) => depthOf(b) - depthOf(a))
  return sensors.map(({ directory, ...sensor }) => sensor)
}

/** What all records of the directory call their sensor, else the directory. */
function sensorName(
  directory: string,
  flows: readonly SampledFlow[],
  nameOf: (text: string) => string | undefined,
): string {
  const named = new Set(flows.map(({ sensor }) => sensor))
  const own = named.size === 1 ? nameOf([...named][0]) : undefined
  return own ?? nameOf(directory.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|-+$/g, '')) ?? 'sensor'
}

function uniqueId(base: string, taken: Set<string>): string {
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  taken.add(id)
  return id
}

/** Whether the two watched at the same time, as far as the sample goes. */
function overlap(first: readonly SampledFlow[], second: readonly SampledFlow[]): boolean {
  const spanOf = (flows: readonly SampledFlow[]): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const { start_ms } of flows) {
      if (start_ms < low) low = start_ms
      if (start_ms > high) high = start_ms
    }
    return [low, high]
  }
  const [a, b] = [spanOf(first), spanOf(second)]
  return a[0] <= b[1] && b[0] <= a[1]
}

/** Flows of `second` with the same 5-tuple and a start within a second of one of `first`. */
function seenTwice(first: readonly SampledFlow[], second: readonly SampledFlow[]): number {
  const key = ({ src, dst, src_port, dst_port, proto }: SampledFlow): string =>
    `${src},${dst},${src_port},${dst_port},${proto}`
  const starts = new Map<string, number[]>()
  for (const flow of first) {
    const known = starts.get(key(flow))
    if (known) known.push(flow.start_ms)
    else starts.set(key(flow), [flow.start_ms])
  }
  return second.filter((flow) => starts.get(key(flow))?.some((start) => Math.abs(start - flow.start_ms) <= nearMs))
    .length
}

/** Below any directory, so that it holds whichever directory above it is given to `analyze`. */
function globOf(directory: string): string {
  const literal = directory.replaceAll(/[\\*?[\]{}()!+@|]/g, (char) => `\\${char}`)
  return directory === '.' ? '*' : `**/${literal}/**`
}
