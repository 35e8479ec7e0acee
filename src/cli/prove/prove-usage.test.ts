import { expect, test } from 'vitest'
import { run } from '../prove.ts'

const options = { campaign: [], seed: 1, quiet: true, logLevel: 'info', logFormat: 'pretty' }

test.each([
  [['logs'], { state: 'state' }, 'give either logs or --state, not both'],
  [[], { json: '-', html: '-' }, 'give one of them a file'],
  [[], { campaign: ['hosts=many'] }, "--campaign 'hosts=many': hosts=many: a whole number from 1 to 10000 is expected"],
  [[], { state: 'nowhere' }, "no books in nowhere: run 'weir analyze"],
])('prove %j %j is refused before anything is done', async (paths, given, message) => {
  await expect(run(paths, { ...options, ...given })).rejects.toThrow(message)
})
