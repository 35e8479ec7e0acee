import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf } from '../../testing/parse-lines.ts'
import { parsePort, writeUid } from './connection-id.ts'
import { protocolNamed } from './ip-protocol.ts'

fc.configureGlobal({ seed: 20_260_101 })

const uid = (text: string): string => {
  const words = new Uint32Array(4).fill(9)
  const bytes = bytesOf(`x${text}x`)
  writeUid(bytes, 1, bytes.length - 1, words, 1)
  return words.slice(2).join()
}

test('a uid becomes 64 bits, none only for the empty one', () => {
  expect(uid('')).toBe('0,0')
  expect(uid('CcH8zVkCER7UopU1j')).not.toBe(uid('CcH8zVkCER7UopU1k'))
  fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => uid(text) !== '0,0'))
  const many = Array.from({ length: 200_000 }, (_, i) => uid(`C${i}`))
  expect(new Set(many).size).toBe(many.length)
})

test('ports are decimal digits up to 65535', () => {
  const port = (text: string) => parsePort(bytesOf(text), 0, text.length)
  expect(['0', '80', '65535', '00080'].map(port)).toEqual([0, 80, 65535, 80])
  expect(['', '65536', '-1', '8o', '123456', ' 80', '80.0'].map(port)).toEqual(Array(7).fill(-1))
})

test('protocols have names in any case', () => {
  const proto = (text: string, isV6 = false) => protocolNamed(bytesOf(text), 0, text.length, isV6)
  expect(['tcp', 'TCP', 'udp', 'Icmp', 'sctp', 'esp', 'ipv6-icmp'].map((name) => proto(name))).toEqual([
    6, 6, 17, 1, 132, 50, 58,
  ])
  expect([proto('icmp', true), proto('icmp6', true), proto('tcp', true)]).toEqual([58, 58, 6])
  expect(['', 'tc', 'tcpp', 'tbp', 'unknown_transport', '6'].map((name) => proto(name))).toEqual(Array(6).fill(-1))
})
