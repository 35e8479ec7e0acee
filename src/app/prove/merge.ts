/** Results of several runs added up: every number is computed anew from the placements and the clean twins of all of them. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../model/errors.ts'
import { hourProfiles, specText } from '../../prove/spec.ts'
import { version } from '../version.ts'
import { type Proof, proofOf } from './prove.ts'
import { usualRuleIds } from './usual.ts'

const number = z.number()
const named = z.object({ truth: number, found: number, right: number })

/** What `prove --json` writes, but what follows from the rest of it. */
const measuredSchema = z.object({
  weir: z.string(),
  seed: number,
  seeds: z.array(number).optional(),
  complete: z.boolean(),
  backgrounds: z.array(
    z.object({
      ...{ name: z.string(), from_ms: number, until_ms: number, hosts: number },
      ...{ bytes_out_per_day: number, false_incidents: number },
    }),
  ),
  cells: z.array(
    z.object({
      spec: z.object({
        ...{ hosts: number, peers: number, spread: number, share: number, days: number, stay: number },
        ...{ hours: z.enum(hourProfiles), duty: number, history: number, piece: number },
        ...{ ramp: number.optional(), vault: z.string().optional(), role: z.string().optional() },
      }),
    }),
  ),
  placements: z.array(
    z.object({
      ...{ campaign: z.string(), background: z.string(), start_ms: number, bytes_out: number },
      ...{ background_bytes_out_per_day: number, judged_days: number, sums_bet_days: number },
      ...{ found: z.boolean(), twin_alarms: z.boolean(), delay_days: number.nullable(), bytes_lost: number },
      ...{ peers: named, hosts: named, other_incidents: number, oracle_days: number.nullable() },
      usual_rules: z.array(
        z.object({ rule: z.enum(usualRuleIds), delay_days: number.nullable(), twin_alarms: z.boolean() }),
      ),
    }),
  ),
  not_placed: z.array(z.object({ campaign: z.string(), background: z.string(), reason: z.string() })),
})

export type Measured = z.infer<typeof measuredSchema>

export function readMeasured(path: string): Measured {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AppError('path_unreadable', `${path} cannot be read: ${(cause as Error).message}`, { cause })
  }
  const noResult = (why: string, cause: unknown): AppError =>
    new AppError('nothing_readable', `${path} is no result that this build's 'weir prove --json' wrote: ${why}`, {
      cause,
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw noResult((cause as Error).message, cause)
  }
  const read = measuredSchema.safeParse(value)
  if (read.success) return read.data
  const [{ path: at, message }] = read.error.issues
  throw noResult(`${at.join('.') || 'all of it'}: ${message}`, read.error)
}

/** Of this version and the same campaigns, in other backgrounds each: a clean twin counts once. */
export function mergeMeasured(files: readonly { path: string; measured: Measured }[]): Proof {
  if (files.length < 2) throw new AppError('usage', '--merge needs two results or more')
  const [first] = files
  const campaigns = first.measured.cells.map(({ spec }) => spec)
  const wanted = new Set(campaigns.map(specText))
  const seenIn = new Map<string, string>()
  for (const { path, measured } of files) {
    if (measured.weir !== version)
      throw refused(`${path} was measured by Weir ${measured.weir}, and this is ${version}`)
    const own = new Set(measured.cells.map(({ spec }) => specText(spec)))
    const odd = [...own].find((text) => !wanted.has(text)) ?? [...wanted].find((text) => !own.has(text))
    if (odd !== undefined) throw refused(`only one of ${first.path} and ${path} has the campaign ${odd}`)
    for (const { name } of measured.backgrounds) {
      const other = seenIn.get(name)
      if (other !== undefined)
        throw refused(`${other} and ${path} both have the background '${name}': give runs other seeds`)
      seenIn.set(name, path)
    }
  }
  const all = files.map(({ measured }) => measured)
  const seeds = all.flatMap(({ seed, seeds: merged }) => merged ?? [seed])
  const complete = all.every((measured) => measured.complete)
  return { ...proofOf(all, { campaigns, seed: seeds[0], complete }), seeds }
}

function refused(why: string): AppError {
  return new AppError('usage', `these results cannot be added up: ${why}`)
}
