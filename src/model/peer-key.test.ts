import { expect, test } from 'vitest'
import { addressAt, addressWords, formatHalves, storeParsed } from './address.ts'
import { copyPeerKey, isIPv4At, peerKey } from './peer-key.ts'

const pair = () => ({ hi: new Uint32Array(4), lo: new Uint32Array(4) })

test.each([
  ['192.0.2.17', '192.0.2.17'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['::ffff:192.0.2.17', '192.0.2.17'],
  // looks like IPv4 in its low half alone
  ['2001:db8::ffff:c000:201', '2001:db8::'],
  ['::1', '::'],
])('%s is kept as %s', (text, key) => {
  const [from, to] = [pair(), pair()]
  addressWords(text)
  storeParsed(from, 1)
  to.lo.fill(0xdeadbeef)
  copyPeerKey(from, 1, to, 0)
  const { hi, lo } = addressAt(to, 0)
  expect(formatHalves(hi, lo)).toBe(key)
  const whole = addressAt(from, 1)
  expect(peerKey(whole.hi, whole.lo)).toEqual({ hi, lo })
  expect(isIPv4At(from, 1)).toBe(key.includes('.'))
})
