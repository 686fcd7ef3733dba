import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { metricsAddress, metricsAsked } from '../../../src/cli/options/metrics-option.js';
import { EXIT } from '../../../src/cli/exit/exit-codes.js';

test.each([
  ['off', undefined],
  ['on', { host: '127.0.0.1', port: 9464 }],
  [true, { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9000', { host: '0.0.0.0', port: 9000 }],
  ['[::1]:9000', { host: '::1', port: 9000 }],
])('--metrics %s', (metrics, address) => {
  expect(metricsAsked({ metrics })).toEqual(address);
});

test.each(['9464', 'yes', ':9464', '127.0.0.1'])('--metrics %s is no address', (metrics) => {
  expect(() => metricsAsked({ metrics })).toThrow(
    /--metrics \(GOLIVE_METRICS\): .* Write host:port, such as 127\.0\.0\.1:9464 .* Or write off\./,
  );
});

test('a name becomes its IP address, and port 0 a free one', async () => {
  const address = await metricsAddress({ host: 'localhost', port: 0 });
  expect(address?.host).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(address?.port).toBeGreaterThan(0);
});

test('an address where somebody listens is told with the way out', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await expect(metricsAddress({ host: '127.0.0.1', port })).rejects.toMatchObject({
    exitCode: EXIT.failed,
    message: expect.stringMatching(
      new RegExp(`can't serve metrics on 127.0.0.1:${port}: .*EADDRINUSE.* Choose another address with --metrics`),
    ) as unknown,
  });
  await new Promise((resolve) => server.close(resolve));
});
