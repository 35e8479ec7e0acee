/** A file system of our own that is soon full: what `analyze` says then, whether the state opens, and what comes after. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { connLog } from './conn-lines.ts'
import { mainFile } from './weir.ts'

/** Connections to many peers, so that the books grow with them. */
export function scatteredLog(count: number): string {
  return connLog(count, (i) => ({ 'id.resp_h': `198.51.${i % 100}.${i % 250}` }))
}

interface Filling {
  log: string
  /** As mount(8) takes it: `3m`. */
  size: string
  /** A folder for what is said, made and removed. */
  out: string
  bytes_out: number
}

/** Needs a mount in a private namespace: without the right to one the test is skipped. */
export function fillsUp(context: TestContext, { log, size, out, bytes_out }: Filling): void {
  const { full, ledger, again } = runsOnSmallDisk(context, { log, size, out })
  expect([size, full.status, full.stdout]).toEqual([size, 1, ''])
  expect(full.stderr).toMatch(
    /^weir: \/mnt\/state(\/new)? (has no room left|cannot be written: ENOSPC).* \[disk_full\]\n$/,
  )
  expect(ledger.stderr).toMatch(/^(weir: no books in .*\n)?$/)
  expect([again.status, again.stderr]).toEqual([0, ''])
  expect(JSON.parse(again.stdout).ledger).toMatchObject({ bytes_out, flows: bytes_out / 1000 })
}

function runsOnSmallDisk(context: TestContext, { log, size, out }: Omit<Filling, 'bytes_out'>) {
  mkdirSync(out)
  const run = (name: string, args: string) =>
    `'${process.execPath}' '${mainFile}' ${args} --state /mnt/state >'${out}/${name}.out' 2>'${out}/${name}.err'; echo $? >'${out}/${name}'`
  const script = [
    `mount -t tmpfs -o size=${size} weir /mnt || exit 77`,
    run('full', `analyze '${log}' --no-progress`),
    run('ledger', 'ledger'),
    'mount -o remount,size=400m /mnt',
    run('again', `analyze '${log}' --no-progress --json -`),
  ]
  const { status } = spawnSync('unshare', ['-m', 'sh', '-c', script.join('\n')])
  if (!existsSync(join(out, 'full'))) context.skip(`no file system of our own to fill (unshare: ${status})`)
  const read = (name: string) => ({
    status: Number(readFileSync(join(out, name), 'utf8')),
    stdout: readFileSync(join(out, `${name}.out`), 'utf8'),
    stderr: readFileSync(join(out, `${name}.err`), 'utf8'),
  })
  const result = { full: read('full'), ledger: read('ledger'), again: read('again') }
  rmSync(out, { recursive: true })
  return result
}
