/** Of which rows a log could have told: those of a host and service that a log told others of within the same hour. */
import { KeyIndex } from '../model/key-index.ts'
import type { DayRows } from './day-rows.ts'

const ticksPerHour = 6

/** Sets `logged`, which holds zeros. Where a host's log stops, or there never was one, nothing of it is missing. */
export function markLogged(rows: DayRows): void {
  const told = new KeyIndex(3)
  const ask = (i: number): void => {
    told.key[0] = rows.host[i]
    told.key[1] = rows.service[i]
    told.key[2] = Math.floor(rows.tick[i] / ticksPerHour)
  }
  for (let i = 0; i < rows.length; i++) {
    if (!isTied(rows, i)) continue
    ask(i)
    told.add()
  }
  if (told.size === 0) return
  for (let i = 0; i < rows.length; i++) {
    ask(i)
    if (told.find() >= 0) rows.logged[i] = 1
  }
}

/** To an account or a vault. */
export const isTied = ({ account, vault }: DayRows, i: number): boolean => account[i] !== 0 || vault[i] !== 0
