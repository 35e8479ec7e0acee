/** Every scenario of the range, in the order of `weir range list`. */
import { demo } from './demo.ts'
import { newCollaboration, nightlyMirror, openDataRelease } from './look-alikes.ts'
import type { Scenario } from './scenario.ts'
import { decoy, two } from './several.ts'
import { jobSmuggler, mftSmash, sshFanOut, thinPetabyte } from './thefts.ts'
import { thin, thinStay } from './thin.ts'

const clean: Scenario = {
  name: 'clean',
  story: 'nobody steals: the background that all others have too; every incident in it is a false one',
  twin: 'clean',
  days: 120,
  campaigns: [],
}

export const scenarios: readonly Scenario[] = [
  ...[clean, thin, thinStay, two, decoy, thinPetabyte, sshFanOut, jobSmuggler, mftSmash],
  ...[newCollaboration, nightlyMirror, openDataRelease, demo],
]
