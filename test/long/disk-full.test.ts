/** The disk fills up while the books are made, while records are accepted, while days are booked: nothing is lost by it. */
import { afterAll, test } from 'vitest'
import { fillsUp, scatteredLog } from '../support/small-disk.ts'
import { Folder } from '../support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())
const log = folder.file('conn.log', scatteredLog(60_000))

for (const size of ['8k', '40k', '300k', '1m', '4m', '7m', '10m', '14m'])
  test(`a disk of ${size}`, { timeout: 120_000 }, (context) => {
    fillsUp(context, { log, size, out: folder.at(`disk-${size}`), bytes_out: 60_000_000 })
  })
