import { expect, test } from 'vitest'
import { run } from '../prove.ts'

const options = { campaign: [], seed: 1, quiet: true, logLevel: 'info', logFormat: 'pretty' }

test.each([
  [['logs'], { state: 'state' }, 'give either logs or --state, not both'],
  [[], { json: '-', html: '-' }, 'give one of them a file'],
  [[], { campaign: ['hosts=many'] }, "--campaign 'hosts=many': hosts=many: a whole number from 1 to 10000 is expected"],
  [[], { state: 'nowhere' }, "no books in nowhere: run 'weir analyze"],
  [['logs'], { sight: true }, 'analyse the logs, then give --state'],
  [[], { sight: true, full: true }, '--sight and --full do not go together'],
  [[], { sight: true, campaign: ['share=0.01/0.02'] }, 'one campaign must be found every night'],
  [[], { sight: true, campaign: ['hosts=3,vault=cfd'] }, 'with --sight there is no vault'],
  [[], { sight: true, state: 'nowhere' }, "no books in nowhere: run 'weir analyze"],
])('prove %j %j is refused before anything is done', async (paths, given, message) => {
  await expect(run(paths, { ...options, ...given })).rejects.toThrow(message)
})
