/**
 * Slurm's compressed host lists: `cn[0101-0104,0110],gpu-a[1-2]b[3,5]`. In brackets stand numbers and ranges of them, as
 * wide as their first is written (`[08-11]` is 08, 09, 10, 11); of several brackets the first varies slowest.
 * Source of the rules: slurm.conf(5) NodeName, `scontrol show hostnames`.
 */

/** RFC 1035; longer names are no hosts. */
const longestName = 253
/** Digits that stay exact and make no list that anyone could want. */
const longestNumber = 9

/** The hosts in order; undefined if the text is no such list, or names more than `most`. Linear in text and answer. */
export function expandHostList(text: string, most: number): string[] | undefined {
  const hosts: string[] = []
  let names = ['']
  for (let i = 0; i < text.length; ) {
    const character = text[i]
    if (character === ',') {
      if (!addHosts(hosts, names, most)) return undefined
      names = ['']
      i++
    } else if (character === '[') {
      const close = text.indexOf(']', i)
      const numbers = close < 0 ? undefined : numbersIn(text.slice(i + 1, close), most)
      if (numbers === undefined || names.length * numbers.length > most - hosts.length) return undefined
      names = names.flatMap((name) => numbers.map((number) => name + number))
      i = close + 1
    } else {
      const end = literalEnd(text, i)
      const literal = text.slice(i, end)
      if (literal.length > longestName || !/^[\w.:-]+$/.test(literal)) return undefined
      names = names.map((name) => name + literal)
      i = end
    }
    if (names[0].length > longestName) return undefined
  }
  return addHosts(hosts, names, most) ? hosts : undefined
}

/** False if there are too many, or one without a name. */
function addHosts(hosts: string[], names: readonly string[], most: number): boolean {
  if (names[0] === '' || hosts.length + names.length > most) return false
  for (const name of names) hosts.push(name)
  return true
}

function literalEnd(text: string, i: number): number {
  while (i < text.length && text[i] !== ',' && text[i] !== '[') i++
  return i
}

/** What stands in one pair of brackets, written out. */
function numbersIn(list: string, most: number): string[] | undefined {
  const numbers: string[] = []
  for (const part of list.split(',')) {
    const [first, last = first, ...more] = part.split('-')
    if (more.length > 0 || !isNumber(first) || !isNumber(last)) return undefined
    const from = Number(first)
    const to = Number(last)
    if (to < from || to - from >= most - numbers.length) return undefined
    for (let number = from; number <= to; number++) numbers.push(String(number).padStart(first.length, '0'))
  }
  return numbers
}

function isNumber(text: string): boolean {
  return text.length <= longestNumber && /^\d+$/.test(text)
}
