/** The rows of a day are overwritten by those of a later one: whoever went on reading them would find something else. */
import { expect, test, vi } from 'vitest'
import { DayRoom } from '../../src/detectors/day-room.ts'
import { judged, scenarioNamed } from '../support/detection/court.ts'

test('nobody reads rows of a day that was given back', async () => {
  const world = { scenario: scenarioNamed('demo'), seed: 1, scale: 0.004 }
  const { findings } = await judged(world)
  expect(findings.incidents).not.toHaveLength(0)
  const give = vi.spyOn(DayRoom.prototype, 'give').mockImplementation((rows) => {
    for (const column of Object.values(rows)) if (typeof column !== 'number') column.fill(77)
  })
  try {
    expect((await judged(world)).findings).toEqual(findings)
    expect(give).toHaveBeenCalled()
  } finally {
    give.mockRestore()
  }
})
