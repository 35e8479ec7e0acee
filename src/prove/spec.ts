/**
 * A campaign to be injected, as a line of text: `hosts=30,peers=100,share=0.01,days=30`. A value may be a list separated by `/`,
 * and a line then stands for every combination. Nothing here is read from the detectors.
 */
import { AppError } from '../model/errors.ts'
import { hostRoles } from '../model/site.ts'

export const hourProfiles = ['people', 'night', 'flat'] as const
export type HourProfile = (typeof hourProfiles)[number]

export interface CampaignSpec {
  /** Of the background, busy ones more often; bytes leave from all of them. */
  hosts: number
  /** New addresses; each draws from `spread` of the hosts. */
  peers: number
  spread: number
  /** Bytes of a mean day over those of a mean day of the background before the start. */
  share: number
  days: number
  /** Days for which a peer stays, then another takes over. */
  stay: number
  hours: HourProfile
  /** Share of days on which anything is taken; the bytes of all days stay the same. */
  duty: number
  /** Days over which what is taken in a day rises to its full size; the bytes of all days stay the same. */
  ramp?: number
  /** Days of the background before the start. */
  history: number
  /** Mean size of a connection in bytes. */
  piece: number
  /** Only what is drawn from this vault, or from hosts of this role. */
  vault?: string
  role?: string
}

export const quickGrid = 'hosts=1/30,share=0.001/0.003/0.01,history=30/90'
/** Shapes of all kinds, for machines that have nothing else to do. */
export const fullGrid: readonly string[] = [
  'hosts=1/10/30,share=0.001/0.003/0.01/0.03/0.1,history=30/60/90',
  'hosts=30,share=0.001/0.003/0.01/0.03/0.1,history=90,hours=flat/night',
  'hosts=30,share=0.001/0.003/0.01/0.03/0.1,history=90,duty=0.2',
  'hosts=30,share=0.003/0.01/0.03,days=90,ramp=90,history=90',
  'hosts=30,peers=5,stay=30,share=0.001/0.003/0.01/0.03/0.1,history=90',
]

const usual: CampaignSpec = {
  ...{ hosts: 30, peers: 100, spread: 4, share: 0.01, days: 30, stay: 10 },
  ...{ hours: 'people', duty: 1, history: 90, piece: 20e6 },
}

interface Key {
  expected: string
  read: (text: string) => number | string | undefined
}

const whole = (least: number, most: number): Key => ({
  expected: `a whole number from ${least} to ${most}`,
  read: (text) => within(/^\d{1,7}$/.test(text) ? Number(text) : Number.NaN, least, most),
})
const decimal = (least: number, most: number): Key => ({
  expected: `a number from ${least} to ${most}, such as 0.01 or 1%`,
  read: (text) => {
    const [, digits, percent] = /^(\d{0,9}\.?\d{1,9})(%?)$/.exec(text) ?? []
    return digits === undefined ? undefined : within(Number(digits) / (percent === '%' ? 100 : 1), least, most)
  },
})
const among = (names: readonly string[]): Key => ({
  expected: `one of ${names.join(', ')}`,
  read: (text) => (names.includes(text) ? text : undefined),
})
const unitBytes: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

const keys: Record<keyof CampaignSpec, Key> = {
  hosts: whole(1, 10_000),
  peers: whole(1, 100_000),
  spread: whole(1, 10_000),
  share: decimal(0.000001, 10),
  days: whole(1, 3650),
  stay: whole(1, 3650),
  hours: among(hourProfiles),
  duty: decimal(0.01, 1),
  ramp: whole(1, 3650),
  history: whole(1, 3650),
  piece: {
    expected: 'a size from 1kB to 10TB, such as 20MB',
    read: (text) => {
      const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(B|kB|MB|GB|TB)$/.exec(text) ?? []
      return digits === undefined ? undefined : within(Math.round(Number(digits) * unitBytes[unit]), 1e3, 1e13)
    },
  },
  vault: { expected: 'the id of a vault', read: (text) => text || undefined },
  role: among(hostRoles),
}

/** Every campaign that the line stands for, in the order of its lists; throws `usage` with what was expected where. */
export function parseCampaigns(line: string): CampaignSpec[] {
  let specs: CampaignSpec[] = [usual]
  const given = new Set<string>()
  for (const part of line.split(',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(0, at)).trim()
    if (!Object.hasOwn(keys, name))
      throw wrong(line, `'${part}' is no KEY=VALUE with one of ${Object.keys(keys).join(', ')}`)
    if (given.has(name)) throw wrong(line, `${name} is given twice`)
    given.add(name)
    const key = keys[name as keyof CampaignSpec]
    const values = part
      .slice(at + 1)
      .split('/')
      .map((text) => {
        const value = key.read(text.trim())
        if (value === undefined) throw wrong(line, `${name}=${text.trim()}: ${key.expected} is expected`)
        return value
      })
    specs = specs.flatMap((spec) => values.map((value) => ({ ...spec, [name]: value })))
  }
  return specs
}

/** The line of one campaign, all keys written out: equal for equal campaigns. */
export function specText(spec: CampaignSpec): string {
  return Object.keys(keys)
    .filter((name) => spec[name as keyof CampaignSpec] !== undefined)
    .map((name) => `${name}=${spec[name as keyof CampaignSpec]}`)
    .join(',')
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined
}

function wrong(line: string, problem: string): AppError {
  return new AppError('usage', `--campaign '${line}': ${problem}`)
}
