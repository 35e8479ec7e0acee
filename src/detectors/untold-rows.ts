/**
 * Of which rows a log could have told and did not: it told others of the same host, service and hour, and next to nothing of the
 * peer's own bytes there on that day. A log counts payload, the wire framing and repeats as well: so much of what it told is no
 * question.
 */
import { KeyIndex } from '../model/key-index.ts'
import { ticksPerDay } from '../model/window.ts'
import type { DayRows } from './day-rows.ts'

const ticksPerHour = 6
/** Headers of TCP, TLS and HTTP, and what is sent again, are well below it where a file is of some size. */
const framing = 0.05

/** Sets `untold`, which holds zeros. Where a host's log stops, or there never was one, nothing of it is missing. */
export function markUntold(rows: DayRows): void {
  const hours = new KeyIndex(3)
  const pairs = new KeyIndex(3)
  for (let i = 0; i < rows.length; i++) {
    if (!isTied(rows, i)) continue
    askHour(hours, rows, i)
    hours.add()
    askPair(pairs, rows, i)
    pairs.add()
  }
  if (hours.size === 0) return
  const [tied, untied] = [new Float64Array(pairs.size), new Float64Array(pairs.size)]
  for (let i = 0; i < rows.length; i++) {
    askPair(pairs, rows, i)
    const pair = pairs.find()
    if (pair < 0) continue
    if (isTied(rows, i)) tied[pair] += rows.bytes_out[i]
    else untied[pair] += rows.bytes_out[i]
  }
  for (let i = 0; i < rows.length; i++) {
    if (isTied(rows, i)) continue
    askHour(hours, rows, i)
    if (hours.find() < 0) continue
    askPair(pairs, rows, i)
    const pair = pairs.find()
    if (pair < 0 || untied[pair] > framing * tied[pair]) rows.untold[i] = 1
  }
}

function askHour({ key }: KeyIndex, { host, service, tick }: DayRows, i: number): void {
  key[0] = host[i]
  key[1] = service[i]
  key[2] = Math.floor((tick[i] % ticksPerDay) / ticksPerHour)
}

function askPair({ key }: KeyIndex, { host, service, peer }: DayRows, i: number): void {
  key[0] = host[i]
  key[1] = service[i]
  key[2] = peer[i]
}

/** To an account or a vault. */
const isTied = ({ account, vault }: DayRows, i: number): boolean => account[i] !== 0 || vault[i] !== 0
