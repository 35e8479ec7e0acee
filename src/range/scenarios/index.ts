/** Every scenario of the range, in the order of `weir range list`. */
import { adaptive, poison, vendor, vendorCollaboration } from './adversaries.ts'
import {
  backupCutover,
  conferenceTravel,
  dataChallenge,
  scanResearch,
  semesterStart,
  smugglerInCutover,
} from './busy-look-alikes.ts'
import { demo } from './demo.ts'
import { dutyCycles } from './duty-cycles.ts'
import { firstHoliday, shutdown } from './events.ts'
import { newCollaboration, nightlyMirror, openDataRelease } from './look-alikes.ts'
import { routerTunnel, stageAndTrickle, subNoise, threeSites } from './quiet-thefts.ts'
import type { Scenario } from './scenario.ts'
import { decoy, two } from './several.ts'
import { globusGuest, leaver, portalSwarm, presignedLeak } from './stolen-access.ts'
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
  ...[clean, firstHoliday, shutdown, thin, thinStay, two, decoy, adaptive, poison, vendor, vendorCollaboration],
  ...[thinPetabyte, ...dutyCycles, subNoise, globusGuest, sshFanOut, jobSmuggler, stageAndTrickle, portalSwarm],
  ...[presignedLeak, mftSmash, routerTunnel, leaver, threeSites],
  ...[newCollaboration, semesterStart, nightlyMirror, openDataRelease, conferenceTravel, scanResearch],
  ...[backupCutover, smugglerInCutover, dataChallenge, demo],
]
