/** `weir prove --sight` on books: what it keeps, what it leaves alone, and what `doctor` says of it. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doctor } from '../../src/app/doctor/doctor.ts'
import { silentProgress } from '../../src/app/progress.ts'
import { isProof, type SightProof } from '../../src/app/prove/sight.ts'
import { proveSightOfState } from '../../src/app/prove/sight-state.ts'
import { lockState } from '../../src/app/state-lock.ts'
import { parseCampaigns } from '../../src/prove/spec.ts'
import { Books, configOf } from '../support/books.ts'
import { contentOf } from '../support/state-content.ts'
import { Folder, runWeir } from '../support/weir.ts'

const [days, length, day_ms, first_ms] = [14, 4, 86_400_000, Date.UTC(2026, 0, 5)]
const config = {
  site: { networks: ['10.0.0.0/8'] },
  hosts: [{ name: 'dtn1', addresses: ['10.0.0.5'], role: 'dtn' as const }],
}
const now_ms = first_ms + days * day_ms
const flows = Array.from({ length: days * 4 }, (_, i) => {
  const start_ms = first_ms + i * 6 * 3_600_000
  return {
    ...{ type: 'flow', start_ms, end_ms: start_ms + 1000, src_ip: `198.51.100.${i % 4}`, src_port: 40_000 + i },
    ...{ dst_ip: i % 2 === 0 ? '10.0.0.5' : '10.0.0.6', dst_port: 443, proto: 'tcp', bytes_src: 1000 },
    bytes_dst: 50_000_000 + 1_000_000 * (i % 7),
  }
})
const folder = new Folder()
const file = folder.file('weir.yaml', JSON.stringify(config))
const books = new Books(config)
afterAll(() => {
  folder.remove()
  books[Symbol.dispose]()
})
beforeAll(async () => {
  await books.run({ 'a.ndjson': flows }, now_ms)
})

/** As on old books, in the time of a test. */
async function prove(at_ms: number): Promise<SightProof> {
  const [standing] = parseCampaigns(`hosts=2,peers=10,days=${length},share=0.01`)
  const result = await proveSightOfState({
    ...{ directory: books.state, config: configOf(config), standing, seed: 1, at_ms, progress: silentProgress },
    ...{ history: { least_days: 5, mature_days: 5 }, shares: [0.01] },
  })
  if (!isProof(result)) throw new Error(result.reason)
  return result
}

describe('books that are too young', () => {
  test('are told so, by prove and by doctor, and it is no error', async () => {
    const proven = await runWeir(['prove', '--sight', '--state', books.state, '--config', file, '--json', '-'])
    expect([proven.code, proven.stderr]).toEqual([0, ''])
    const possible_from_ms = first_ms + 60 * day_ms
    expect(JSON.parse(proven.stdout)).toEqual({
      reason: `the books hold ${days} of the 60 days that it takes`,
      possible_from_ms,
    })
    const told = folder.at('young.json')
    const { stdout } = await runWeir(['doctor', '--state', books.state, '--json', told], { cwd: folder.path })
    expect(stdout).toMatch(/^Sight +not proven yet: 14 of the 60 days that it takes; possible from 2026-03-06 on$/m)
    const json = JSON.parse(readFileSync(told, 'utf8'))
    expect(json.sight).toEqual({ days, days_needed: 60, possible_from_ms, last: null, reference: null })
    expect(json.last_proof_of_sight_ms).toBeNull()
    expect(json.findings.filter(({ id }: { id: string }) => id.startsWith('sight'))).toEqual([])
  })
})

describe('what was measured', () => {
  test('is kept beside the books, which stay as they are', async () => {
    const { meta: _, ...before } = await contentOf(books.state)
    const proof = await prove(now_ms)
    expect(proof).toMatchObject({ complete: true, is_mature: true, history_days: days - length })
    expect(proof.standing).toMatchObject({ hosts: 2, days: length, share: 0.01 })
    const { sight } = await doctor({ directory: books.state, config: configOf(config), now_ms })
    expect(sight).toMatchObject({ days, last: proof, reference: null })
    const { meta: __, ...after } = await contentOf(books.state)
    expect(after).toEqual(before)
    const second = await prove(now_ms + day_ms)
    const again = await doctor({ directory: books.state, config: configOf(config), now_ms })
    expect(again.sight).toMatchObject({ last: second, reference: proof })
  })

  test('is on the screen of doctor, and outlives the next analyze', async () => {
    const later = { ...flows[0], start_ms: now_ms + 5 * day_ms, end_ms: now_ms + 5 * day_ms, src_port: 39_000 }
    await books.run({ 'b.ndjson': [later] }, now_ms + 6 * day_ms)
    const told = folder.at('proven.json')
    const { stdout } = await runWeir(['doctor', '--state', books.state, '--json', told], { cwd: folder.path })
    expect(stdout).toMatch(/^Sight +tried 2026-01-20: \S+ [kM]B a day from 2 hosts over 4 days, NOT FOUND$/m)
    expect(stdout).toMatch(/^ +seen once, a day: whole site more than \S+ [kM]B · other more than \S+ [kM]B$/m)
    const json = JSON.parse(readFileSync(told, 'utf8'))
    expect(json.last_proof_of_sight_ms).toBe(now_ms + day_ms)
    expect(json.findings[0].id).toBe('sight_lost')
    expect(json.findings.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['sight_lost', 'sight_stale']),
    )
  })

  test('needs the state for itself', async () => {
    const lock = lockState(books.state)
    await expect(prove(now_ms)).rejects.toMatchObject({ code: 'state_in_use' })
    lock.release()
  })
})
