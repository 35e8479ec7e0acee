/** JSON with exact integers of any length: bigint as digits, never through a double. */
export function exactJson(value: unknown, indent = 0): string {
  return write(value, indent === 0 ? '' : ' '.repeat(indent), '')
}

function write(value: unknown, step: string, margin: string): string {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const inner = margin + step
  const isArray = Array.isArray(value)
  const parts = isArray
    ? value.map((item) => write(item, step, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${step === '' ? '' : ' '}${write(item, step, inner)}`)
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return open + close
  if (step === '') return open + parts.join(',') + close
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
}
