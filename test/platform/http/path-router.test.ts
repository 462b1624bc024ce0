import { expect, it } from 'vitest';
import { PathRouter } from '../../../src/platform/http/path-router.ts';

function createRouter(...routes: (readonly [method: string, path: string])[]) {
  const router = new PathRouter<string>();
  for (const [method, path] of routes) router.add(method, path, `${method} ${path}`);
  return router;
}

/** The handlers that match and the values of their parameters, by name. */
function match(router: PathRouter<string>, method: string, path: string) {
  const [handlers, values = []] = router.match(method, path);
  return handlers.map(([handler, indexes]) => ({
    handler,
    params: Object.fromEntries(Object.entries(indexes).map(([name, index]) => [name, values[Number(index)]])),
  }));
}

const ROUTER = createRouter(
  ['GET', '/'],
  ['GET', '/rooms'],
  ['GET', '/rooms/:roomId'],
  ['GET', '/rooms/export'],
  ['GET', '/rooms/:roomId/lobby/:entryId'],
  ['POST', '/rooms/:roomId/lobby/admit-all'],
  ['GET', '/links/:linkId'],
  ['POST', '/links/:code/join'],
  ['ALL', '/rooms/export'],
  ['ALL', '/rooms/:roomId'],
);

it('a path without parameters has its handler', () => {
  expect(match(ROUTER, 'GET', '/')).toEqual([{ handler: 'GET /', params: {} }]);
  expect(match(ROUTER, 'GET', '/rooms')).toEqual([{ handler: 'GET /rooms', params: {} }]);
});

it('parameters have the text of their segments, percent-encoding included', () => {
  expect(match(ROUTER, 'GET', '/rooms/room_1/lobby/lob_2')).toEqual([
    { handler: 'GET /rooms/:roomId/lobby/:entryId', params: { roomId: 'room_1', entryId: 'lob_2' } },
  ]);
  expect(match(ROUTER, 'GET', '/rooms/a%2Fb')).toMatchObject([{ params: { roomId: 'a%2Fb' } }]);
});

it('a parameter may have another name at each route', () => {
  expect(match(ROUTER, 'GET', '/links/lnk_1')).toMatchObject([{ params: { linkId: 'lnk_1' } }]);
  expect(match(ROUTER, 'POST', '/links/abc/join')).toMatchObject([{ params: { code: 'abc' } }]);
});

it('a fixed segment wins over a parameter, and the parameter still answers where the fixed path ends', () => {
  expect(match(ROUTER, 'GET', '/rooms/export')).toMatchObject([{ handler: 'GET /rooms/export' }]);
  expect(match(ROUTER, 'GET', '/rooms/export/lobby/lob_1')).toMatchObject([
    { params: { roomId: 'export', entryId: 'lob_1' } },
  ]);
});

it('the method wins over ALL, also when its path has a parameter and that of ALL is fixed', () => {
  const router = createRouter(['ALL', '/rooms/export'], ['GET', '/rooms/:roomId'], ['ALL', '/rooms/:roomId']);
  expect(match(router, 'GET', '/rooms/export')).toMatchObject([{ handler: 'GET /rooms/:roomId' }]);
  expect(match(router, 'DELETE', '/rooms/export')).toMatchObject([{ handler: 'ALL /rooms/export' }]);
});

it('of two handlers for the same method and path the first one answers, alone', () => {
  const router = new PathRouter<string>();
  router.add('GET', '/rooms/:roomId', 'first');
  router.add('GET', '/rooms/:id', 'second');
  expect(match(router, 'GET', '/rooms/1')).toEqual([{ handler: 'first', params: { roomId: '1' } }]);
});

it.each([
  '',
  '/',
  '/rooms//',
  '/rooms/1//',
  '/rooms//lobby/1',
  '/rooms/1/lobby',
  '/other',
  '/rooms/1/lobby/2/3',
])('no handler answers %j', (path) => {
  const router = createRouter(
    ['GET', '/rooms'],
    ['GET', '/rooms/:roomId'],
    ['GET', '/rooms/:roomId/lobby/:id'],
  );
  expect(match(router, 'GET', path)).toEqual([]);
});

it('a wildcard is refused when it is added', () => {
  expect(() => createRouter(['ALL', '/rooms/*'])).toThrow('PathRouter takes no wildcards');
});

it('a slash at the end is left out, one more is not', () => {
  expect(match(ROUTER, 'GET', '/rooms/')).toMatchObject([{ handler: 'GET /rooms' }]);
  expect(match(ROUTER, 'GET', '/rooms/room_1/')).toMatchObject([{ params: { roomId: 'room_1' } }]);
  expect(match(ROUTER, 'GET', '/rooms//')).toEqual([]);
  expect(match(ROUTER, 'GET', '//')).toEqual([]);
});
