import { openBrowser } from './support/browser.ts';
import { Host } from './support/meeting.ts';
const api = 'http://localhost:9700';
const host = await Host.signUp(api);
const room = await host.room({ name: 'Weekly support' });
const link = await host.call('/links', 'POST', {
  roomId: room.id,
  title: 'Support desk',
  description: 'Talk to us about your order.\nWe answer within minutes.',
  requireApproval: true,
  password: 'tulip',
});
console.log(link.url);
const browser = await openBrowser('/usr/bin/chromium');
const { page, complaints } = await browser.visit(link.url);
await page.setViewportSize({ width: 1100, height: 760 });
await page.waitForTimeout(1500);
await page.screenshot({ path: '/tmp/s1.png' });
await page.getByLabel('Your name').fill('Ada Lovelace');
await page.getByLabel('Password of the meeting').fill('nope');
await page.getByRole('button', { name: 'Continue' }).click();
await page.waitForTimeout(800);
await page.screenshot({ path: '/tmp/s1b.png' });
await page.getByLabel('Password of the meeting').fill('tulip');
await page.getByRole('button', { name: 'Continue' }).click();
await page.waitForTimeout(2000);
await page.screenshot({ path: '/tmp/s2.png', fullPage: true });
await page.getByRole('button', { name: 'Join', exact: true }).click();
await page.waitForTimeout(1500);
await page.screenshot({ path: '/tmp/s3.png' });
const { data } = await host.call(`/rooms/${room.id}/lobby`);
console.log(data);
await host.call(`/rooms/${room.id}/lobby/${data[0].id}/admit`, 'POST');
await page.waitForTimeout(5000);
await page.screenshot({ path: '/tmp/s4.png' });
console.log(complaints);
const link2 = await host.call('/links', 'POST', { roomId: room.id, autoJoin: true });
const second = await browser.visit(link2.url);
await second.page.setViewportSize({ width: 1100, height: 760 });
await second.page.waitForTimeout(4000);
await page.getByRole('button', { name: /^Chat/ }).click();
await page.getByLabel('Message to everybody').fill('Hello, can you see me?');
await page.keyboard.press('Enter');
await page.waitForTimeout(1000);
await page.screenshot({ path: '/tmp/s5.png' });
await second.page.getByRole('button', { name: /^People/ }).click();
await second.page.getByRole('button', { name: /Raise hand/ }).click();
await second.page.waitForTimeout(800);
await second.page.screenshot({ path: '/tmp/s6.png' });
await second.page.setViewportSize({ width: 390, height: 780 });
await second.page.screenshot({ path: '/tmp/s7.png' });
await page.getByRole('button', { name: 'Leave' }).click();
await page.waitForTimeout(800);
await page.screenshot({ path: '/tmp/s8.png' });
console.log(complaints, second.complaints);
await browser.close();
