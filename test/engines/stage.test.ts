/** The stage itself: what is on it stays on it, and nothing is left of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { capture } from './support/capture.ts'
import { needStage } from './support/need-stage.ts'
import { Stage, until } from './support/stage.ts'
import { startWeb, take, webPort } from './support/web.ts'

const hosts = [
  { name: 'www', addresses: ['10.1.0.80', 'fd00:1::80'] },
  { name: 'laptop', addresses: ['198.51.100.7', '2001:db8:9::7'] },
]

/** How many processes of this machine run this program with an argument that begins so. */
function running(program: string, argument: string): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(`${program}\0${argument}`)
    } catch {
      // it has ended since it was listed
      return false
    }
  }).length
}

const networksOutside = (): string[] => (existsSync('/run/netns') ? readdirSync('/run/netns') : [])

describe('stage', () => {
  test('two with hosts of the same names know nothing of each other', async (context) => {
    needStage(context)
    const before = networksOutside()
    const stages = await Promise.all([Stage.open(hosts), Stage.open(hosts)])
    try {
      await startWeb(stages[0], 'www')
      await take(stages[0], 'laptop', '10.1.0.80', 1000)
      const listeners = await Promise.all(stages.map((stage) => stage.run('www', ['ss', '-Htln'])))
      expect(listeners.map(({ stdout }) => stdout.includes(`:${webPort} `))).toEqual([true, false])
      await stages[0].sh(
        'www',
        'echo 10.9.9.9 only-here >>/etc/hosts; touch /var/only-here /run/only-here /srv/only-here',
      )
      expect((await stages[0].sh('www', 'hostname; tail -n 1 /etc/hosts')).stdout).toBe('www\n10.9.9.9 only-here\n')
      for (const path of ['/var/only-here', '/run/only-here', '/srv/only-here'])
        expect(existsSync(path), path).toBe(false)
      expect(readFileSync('/etc/hosts', 'utf8')).not.toContain('only-here')
      expect((await stages[1].sh('www', 'cat /etc/hosts; ls /run /srv /var')).stdout).not.toContain('only-here')
      expect(networksOutside()).toEqual(before)
    } finally {
      await Promise.all(stages.map((stage) => stage.close()))
    }
  })

  test('what runs on it ends with it, by its own id or all together', async (context) => {
    needStage(context)
    const stage = await Stage.open(hosts)
    const mark = `${90_000 + Math.random()}`
    const [one] = await Promise.all(['1', '2'].map((more) => stage.start('www', ['sleep', mark + more], () => true)))
    await until(() => running('sleep', mark) === 2, 'both to run')
    await one.stop()
    expect([running('sleep', `${mark}1`), running('sleep', `${mark}2`)]).toEqual([0, 1])
    // a program that does not listen to anybody
    await stage.start('www', ['sh', '-c', `trap '' TERM INT HUP; while :; do sleep ${mark}3; done`], () => true)
    await until(() => running('sleep', `${mark}3`) === 1, 'it to run')
    await stage.close()
    expect(running('sleep', mark)).toBe(0)
    expect(existsSync(stage.folder)).toBe(false)
  })

  test('a command that fails says what it said', async (context) => {
    needStage(context)
    const stage = await Stage.open(hosts)
    try {
      await expect(stage.sh('www', 'echo words >&2; exit 3')).rejects.toThrow(/exit 3\nwords\n$/)
      await expect(stage.start('www', ['sh', '-c', 'echo words; exit 3'], () => false)).rejects.toThrow(
        /has ended:\nwords/,
      )
    } finally {
      await stage.close()
    }
  })

  test('flows hold what each side sent, however many packets it took', async (context) => {
    needStage(context)
    const stage = await Stage.open(hosts)
    try {
      await startWeb(stage, 'www')
      const seen = await capture(stage, 'www')
      const sizes = [1, 5_000_011]
      await take(stage, 'laptop', '10.1.0.80', sizes[0])
      await take(stage, 'laptop', 'fd00:1::80', sizes[1])
      const flows = await seen.flows()
      expect(flows.map(({ src_ip, dst_ip, dst_port }) => [src_ip, dst_ip, dst_port])).toEqual([
        ['198.51.100.7', '10.1.0.80', 8080],
        ['2001:db8:9:0:0:0:0:7', 'fd00:1:0:0:0:0:0:80', 8080],
      ])
      // the same head before each, but for the digits of its length
      const heads = flows.map(({ bytes_dst }, i) => bytes_dst - sizes[i] - String(sizes[i]).length)
      expect(heads[0]).toBe(heads[1])
      expect(heads[0]).toBeLessThan(200)
    } finally {
      await stage.close()
    }
  })
})
