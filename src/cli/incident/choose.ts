/** Which incident a command line means, and which verdict. */

import { AppError } from '../../model/errors.ts'
import type { Findings, Incident, Verdict } from '../../model/incident.ts'
import { countText, oneLine } from '../text.ts'

const mostNamed = 20

export function incidentIn({ incidents }: Pick<Findings, 'incidents'>, id: string): Incident {
  const found = incidents.find((incident) => incident.id === id)
  if (found) return found
  const ids = incidents.slice(0, mostNamed).map((incident) => oneLine(incident.id))
  const more = incidents.length > ids.length ? ` and ${countText(incidents.length - ids.length)} more` : ''
  throw new AppError(
    'usage',
    `there is no incident '${oneLine(id)}'; ${ids.length === 0 ? 'there is none at all' : `there are ${ids.join(', ')}${more}`}`,
  )
}

/** The options of `weir verdict`; `now_ms` is when it is given. */
export function verdictOf(incident: string, options: Record<string, unknown>, now_ms: number): Verdict {
  const { theft, harmless, reason, owner, expires } = options
  if ((theft === true) === (harmless === true))
    throw new AppError('usage', 'one of --theft and --harmless is expected: a verdict says which')
  return {
    incident,
    verdict: theft === true ? 'theft' : 'harmless',
    reason: spoken('--reason', reason),
    owner: spoken('--owner', owner),
    at_ms: now_ms,
    ...(expires === undefined ? {} : { expires_ms: expiryOf(String(expires), now_ms) }),
  }
}

function spoken(option: string, value: unknown): string {
  const text = String(value ?? '').trim()
  if (text === '') throw new AppError('usage', `${option} is empty: a verdict without it helps nobody later`)
  return text
}

/** A date ends with the begin of its day, UTC. */
function expiryOf(text: string, now_ms: number): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text)
    throw new AppError('usage', `--expires '${oneLine(text)}': a date such as 2026-12-31 is expected`)
  if (ms <= now_ms) throw new AppError('usage', `--expires ${text} is over: the verdict would hold at no time`)
  return ms
}
