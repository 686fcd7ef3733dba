import { expect, test } from '@jest/globals';
import { isLoopback, readListenAddress } from '../../src/receiver/listen-address.js';

test.each([
  ['127.0.0.1:9099', { host: '127.0.0.1', port: 9099 }, true],
  ['127.1.2.3:0', { host: '127.1.2.3', port: 0 }, true],
  ['localhost:9099', { host: 'localhost', port: 9099 }, true],
  ['[::1]:9099', { host: '::1', port: 9099 }, true],
  ['0.0.0.0:9099', { host: '0.0.0.0', port: 9099 }, false],
  ['[::]:9099', { host: '::', port: 9099 }, false],
  ['127.0.0.1.example.org:9099', { host: '127.0.0.1.example.org', port: 9099 }, false],
])('%s is an address to listen on', (text, address, loopback) => {
  expect(readListenAddress(text)).toEqual(address);
  expect(isLoopback(address)).toBe(loopback);
});

test.each(['9099', ':9099', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '::1:9099', '[127.0.0.1]:9099', 'a b:1', ''])(
  '"%s" is none',
  (text) => {
    expect(() => readListenAddress(text)).toThrow('is not an address to listen on. Write host:port');
  },
);
