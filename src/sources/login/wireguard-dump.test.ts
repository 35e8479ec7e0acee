import { expect, test } from 'vitest'
import { sessionParts } from '../../model/observation.ts'
import { parseLines, rejectedOf, rowsOf } from '../../testing/parse-lines.ts'
import { expectSameHoweverSplit, expectToSurviveDamage } from '../../testing/source-laws.ts'
import { wireGuardDump } from './wireguard-dump.ts'

const keyOf = (letter: string) => `${letter.repeat(43)}=`
const [secret, own, alice, bob, shared] = ['S', 'O', 'A', 'B', 'P'].map(keyOf)
const handshake = 1767225500
const poll = 1767225600
const iface = `wg0\t${secret}\t${own}\t51820\toff`
const peer = (more: { key?: string; psk?: string; endpoint?: string; ips?: string; at?: number | string } = {}) =>
  ['wg0', more.key ?? alice, more.psk ?? shared, more.endpoint ?? '203.0.113.9:51515', more.ips ?? '10.8.0.6/32']
    .concat([String(more.at ?? handshake), '1000', '2000', 'off'])
    .join('\t')
const parse = (text: string, mtime_ms = Number.NaN) => parseLines(wireGuardDump, text, 'x', { mtime_ms })
const sessions = (text: string, mtime_ms?: number) => rowsOf(parse(text, mtime_ms), 'session')

const seen = {
  ...{ kind: 'vpn', account: `wg:${alice}`, peer: '203.0.113.9', peer_port: 51515, assigned: '10.8.0.6' },
  ...{
    gateway: 'wg0',
    start_ms: handshake * 1000,
    end_ms: poll * 1000,
    part: sessionParts.whole,
    bytes_out: 0n,
    sid: 0n,
  },
}

test('a peer was there from its last handshake to the poll', () => {
  const batch = parse(`${poll}\n${iface}\n${peer()}\n`)
  expect(rowsOf(batch, 'session')).toMatchObject([seen])
  expect([batch.records_read, rejectedOf(batch)]).toEqual([2, { stream_not_used: 1 }])
})

test('the time of a poll, however it is told', () => {
  const times = [`${poll}`, `# ${poll}`, '#2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '# 2026-01-01 00:00:00']
  for (const time of times) expect(sessions(`${time}\n${peer()}\n`), time).toMatchObject([seen])
  expect(sessions(`${poll}\t${iface}\n${poll}\t${peer()}\n`)).toMatchObject([seen])
  expect(sessions(`${poll}.25 ${peer()}\n`)).toMatchObject([{ ...seen, end_ms: poll * 1000 + 250 }])
  expect(sessions(`${peer()}\n`, poll * 1000)).toMatchObject([seen])
  expect(sessions(`# by cron\n${poll - 60}\n${peer()}\n\n${poll}\n${peer()}\n`)).toMatchObject([
    { ...seen, end_ms: (poll - 60) * 1000 },
    seen,
  ])
})

test('of one interface, without its name', () => {
  const alone = (line: string) => line.replace(/^wg0\t/, '')
  expect(sessions(`${poll}\n${alone(iface)}\n${alone(peer())}\n`)).toMatchObject([{ ...seen, gateway: '' }])
  expect(sessions(`${poll} ${alone(peer())}\n`)).toMatchObject([{ ...seen, gateway: '' }])
})

test('each whole address is a row, networks are none', () => {
  const rows = sessions(`${poll}\n${peer({ ips: '10.8.0.6/32,10.9.0.0/16,2001:db8:8::6/128,::/0' })}\n`)
  expect(rows.map((row) => row.assigned)).toEqual(['10.8.0.6', '2001:db8:8::6'])
  expect(sessions(`${poll}\n${peer({ ips: '(none)', endpoint: '(none)' })}\n`)).toMatchObject([
    { ...seen, assigned: '::', peer: '::', peer_port: 0 },
  ])
  expect(sessions(`${poll}\n${peer({ endpoint: '[2001:db8::9]:443' })}\n`)[0]).toMatchObject({
    ...{ peer: '2001:db8::9', peer_port: 443 },
  })
})

test('what says nothing is not used, what cannot be read has its reason', () => {
  const rejects = (line: string, mtime?: number) => rejectedOf(parse(line, mtime))
  expect(rejects(`${poll}\n${peer({ at: 0 })}\n`)).toEqual({ stream_not_used: 1 })
  expect(rejects(`${peer()}\n`)).toEqual({ bad_time: 1 })
  expect(rejects(`${poll}\n${peer({ at: 'x' })}\n`)).toEqual({ bad_time: 1 })
  expect(rejects(`${poll - 1000}\n${peer()}\n`)).toEqual({ bad_value: 1 })
  expect(rejects(`${poll}\n${peer({ endpoint: 'x.x.x.x:5' })}\n`)).toEqual({ bad_address: 1 })
  expect(rejects(`${poll}\n${peer({ endpoint: '192.0.2.1' })}\n`)).toEqual({ bad_address: 1 })
  expect(rejects(`${poll}\n${peer({ endpoint: '192.0.2.1:70000' })}\n`)).toEqual({ bad_port: 1 })
  expect(rejects(`${poll}\n${peer({ ips: '10.8.0.6/32,x' })}\n`)).toEqual({ bad_address: 1 })
  expect(rejects(`${poll}\n${peer({ key: 'short' })}\nhello\n`)).toEqual({ malformed: 2 })
})

test('no private or preshared key is kept, not even of a damaged line', () => {
  const damaged = [
    iface,
    peer(),
    peer({ key: bob, psk: shared, at: 0 }),
    peer({ endpoint: 'x' }),
    peer({ key: secret.slice(1) }),
  ]
  const text = [
    ...damaged,
    `wg0 ${secret}`,
    secret,
    `${secret}\t${shared}`,
    iface.replace('\t', ' '),
    `${poll} ${secret}`,
  ]
  const batch = parse(`${poll}\n${text.join('\n')}\n`)
  const kept = JSON.stringify([rowsOf(batch, 'session'), batch.names.texts, batch.examples], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(batch.examples.length).toBeGreaterThan(3)
  for (const letter of ['S', 'P', 'O']) expect(kept).not.toContain(letter.repeat(5))
  expect(kept).toContain(alice)
})

test('survives damage, and splits anywhere', () => {
  const text = `# ${poll}\n${iface}\n${peer()}\n${peer({ key: bob, psk: '(none)', ips: '2001:db8::1/128,10.8.0.7/32' })}\n${poll + 60}\n${peer()}\n`
  expectToSurviveDamage(wireGuardDump, text)
  expectSameHoweverSplit(wireGuardDump, text)
})
