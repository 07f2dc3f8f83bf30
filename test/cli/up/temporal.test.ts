import { expect, it } from 'vitest';
import { devServer, timeSkipping } from '../../support/temporal.ts';
import { findChromium } from '../../support/chromium.ts';
it('x', async () => {
  console.log(await timeSkipping(), findChromium());
  const t = Date.now();
  const server = await devServer();
  console.log(server, Date.now() - t);
  await server.stop();
  console.log(Date.now() - t);
  expect(1).toBe(1);
});
