import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutSecrets } from './guarded-lines.ts'
import { filePath, percentDecoded, requestLine, targetPath } from './url-path.ts'

test('percent codes are UTF-8; what is no code stays', () => {
  expect(percentDecoded('a%20b%2Fc%C3%BC')).toBe('a b/cü')
  expect(percentDecoded('%')).toBe('%')
  expect(percentDecoded('100%%41%4%zz%e')).toBe('100%A%4%zz%e')
  expect(percentDecoded('%ff')).toBe('\ufffd')
})

test('is the inverse of encoding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => percentDecoded(encodeURIComponent(text)) === text),
    { seed: 20_260_101, numRuns: 500 },
  )
})

test('of a target only the path', () => {
  const targets = ['/a?b', '/a#b', '/a;jsessionid=1', '/a;v=1?x', 'https://h:1/a?b', 'http://h', '*', '/a/http://h/b']
  expect(targets.map(targetPath)).toEqual(['/a', '/a', '/a', '/a;v=1', '/a', '', '*', '/a/http://h/b'])
})

test('no detour is left in the path of a file', () => {
  const paths = ['/a/./b//c/..', '/../a', 'a', '', '/a/%2e%2e/b', '/a%2f..%2fb']
  expect(paths.map(filePath)).toEqual(['/a/b', '/a', '/a', '/', '/b', '/b'])
})

test('request lines', () => {
  expect(requestLine('GET /a b HTTP/1.1')).toEqual({ method: 'GET', target: '/a b' })
  expect(requestLine('GET /a')).toEqual({ method: 'GET', target: '/a' })
  expect(requestLine('GET / HTTP/2')).toEqual({ method: 'GET', target: '/' })
  expect(['-', '', ' /a', 'GET'].map(requestLine)).toEqual(Array(4).fill(undefined))
})

test('a sample ends where a secret could begin', () => {
  const texts = [
    'GET /a?x=1',
    'GET /a%3Fx=1',
    '{"requestHeader":{"a":1',
    '{"accessKeyId":"A"',
    'Cookie: a',
    'plain text',
  ]
  expect(texts.map(withoutSecrets)).toEqual(['GET /a...', 'GET /a...', '{"request...', '{"...', '...', 'plain text'])
})
