import { copyFileSync, mkdtempSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { openState } from '../src/app/state.ts'
test('x', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-x-'))
  const t: number[] = []
  for (let i = 0; i < 5; i++) {
    const t0 = performance.now()
    const s = await openState(join(dir, `s${i}`))
    const t1 = performance.now()
    await s.close()
    const t2 = performance.now()
    mkdirSync(join(dir, `c${i}`))
    copyFileSync(join(dir, `s${i}`, 'weir.duckdb'), join(dir, `c${i}`, 'weir.duckdb'))
    const s2 = await openState(join(dir, `c${i}`))
    const t3 = performance.now()
    await s2.close()
    t.push(t1 - t0, t2 - t1, t3 - t2, performance.now() - t3)
  }
  console.log(t.map(Math.round).join(' '))
}, 600000)
