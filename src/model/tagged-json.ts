/** JSON that keeps whole numbers of any length as bigint: `{"$n":"123"}`. For what this program writes and reads back itself. */
export function taggedJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? { $n: each.toString() } : each))
}

export function fromTaggedJson(text: string): unknown {
  return JSON.parse(text, (_, each: unknown) =>
    typeof each === 'object' && each !== null && typeof (each as { $n?: unknown }).$n === 'string'
      ? BigInt((each as { $n: string }).$n)
      : each,
  )
}
