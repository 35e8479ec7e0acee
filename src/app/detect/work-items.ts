/** What is not evidence enough for an incident, for whoever has time: the strongest streams and keys of each week. */
import type { FanInSubject } from '../../detectors/keys/fan-in.ts'
import type { NewClient } from '../../detectors/names/new-clients.ts'
import { isWeekend } from '../../detectors/sums/season.ts'
import type { Watch } from '../../detectors/sums/watch.ts'
import type { WorkDraft } from '../../incidents/worklist.ts'
import { bytesText, dateText, plural, shareText } from '../../model/amount-text.ts'
import { dayMs } from '../../model/window.ts'
import { channelOf, detectorOf } from './series-words.ts'

/** Of what one stake has become: less says nothing. */
const leastLogE = Math.log(0.02)
const mostStreams = 10

/** Taken at the end of a week. */
export function streamItems(watch: Watch, day: number): WorkDraft[] {
  if (!isWeekend(day) || isWeekend(day + 1)) return []
  return watch
    .strongest()
    .slice(0, mostStreams)
    .filter(({ log_e }) => log_e >= leastLogE)
    .map(({ series, log_e }) => ({
      at_ms: day * dayMs,
      detector: detectorOf(series),
      subject: series.pool_name,
      text: `${series.pool_name}: more ${channelOf(series)} than its own past lets expect`,
      log10_e: log_e / Math.LN10,
      facts: { scale: series.scale, reference_ticks: series.stream.reference },
    }))
}

export function fanInItems(subjects: readonly FanInSubject[], day: number): WorkDraft[] {
  return subjects.slice(0, mostStreams).map(({ kind, key, log_e, peers, hosts, accounts, bytes_out }) => ({
    at_ms: day * dayMs,
    detector: 'fan_in',
    subject: `${kind}:${key}`,
    text: `${plural(peers, 'peer')} that share ${wordsOf[kind]} ${key} drew ${bytesText(Math.round(bytes_out))} from ${plural(hosts, 'host')} in a day`,
    log10_e: log_e / Math.LN10,
    facts: { peers, hosts, accounts, bytes_out: BigInt(Math.round(bytes_out)) },
  }))
}

const wordsOf = { client_fp: 'the client', peer_asn: 'autonomous system', chunk_size: 'the size of piece' } as const

/** Ranked among the clients that were new before. */
export function newClientItems(found: readonly NewClient[], day: number, textOf: (id: number) => string): WorkDraft[] {
  return found
    .slice(0, mostStreams)
    .map(({ client, first_day, days, bytes_out, share, peers, hosts, earlier, as_large }) => ({
      at_ms: day * dayMs,
      detector: 'new_client',
      subject: `client_fp:${textOf(client)}`,
      text:
        `client ${textOf(client)}, never seen before ${dateText(first_day * dayMs)}, took ${bytesText(Math.round(bytes_out / days))} a day, ` +
        `${shareText(Math.round(1e6 * share), 1e6)} of what left without an explanation, to ${plural(peers, 'peer')} from ${plural(hosts, 'host')}`,
      log10_e: Math.log10((1 + earlier) / (1 + as_large)),
      facts: { bytes_out: BigInt(Math.round(bytes_out)), peers, hosts, days },
    }))
}
