import { expect, test } from 'vitest'
import { NameTable } from '../model/name-table.ts'
import { ServiceNames, serviceName } from './service-name.ts'

test.each([
  [6, 443, 'tcp/443'],
  [6, 1023, 'tcp/1023'],
  [6, 1024, 'tcp/high'],
  [6, 2811, 'tcp/2811'],
  [17, 53, 'udp/53'],
  [17, 51820, 'udp/51820'],
  [17, 51821, 'udp/high'],
  [132, 9, 'sctp/9'],
  [1, 8, 'icmp'],
  [58, 128, 'icmp6'],
  [47, 0, 'gre'],
  [50, 0, 'esp'],
  [0, 0, 'ip/0'],
  [255, 443, 'ip/255'],
])('protocol %i, responder port %i is %s', (proto, port, name) => {
  expect(serviceName(proto, port)).toBe(name)
})

test('codes are those of the table, also after it forgot its names', () => {
  const names = new NameTable()
  const services = new ServiceNames()
  const code = services.codeOf(names, 6, 443)
  expect(names.texts[code]).toBe('tcp/443')
  expect(services.codeOf(names, 6, 443)).toBe(code)
  for (let i = 0; i < 70_000; i++) names.codeOf(`n${i}`)
  names.trim()
  names.codeOf('first')
  expect(names.texts[services.codeOf(names, 6, 443)]).toBe('tcp/443')
})
