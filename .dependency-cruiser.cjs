// The walls, made from rooms.json. tools/walls.ts proves that each of them holds.
const rooms = require('./rooms.json')

const test = '\\.test\\.ts$'
const unseal = '^src/seal/unseal(\\.ts$|-|/)'
const inRoom = (room) => `^src/${room}/`
const anyOf = (names) => `(${names.join('|')})`
const npm = (names) => `(^|/)node_modules/(@types/)?${anyOf(names)}(/|$)`
const roomsWith = (holds) => Object.keys(rooms).filter((room) => holds(rooms[room]))

const walls = Object.entries(rooms).flatMap(([room, { enters, npm: packages }]) => [
  {
    name: `walls-of-${room}`,
    severity: 'error',
    from: { path: inRoom(room) },
    to: { path: '^src/', pathNot: inRoom(anyOf([room, ...enters])) },
  },
  {
    name: `packages-of-${room}`,
    severity: 'error',
    from: { path: inRoom(room), pathNot: test },
    to: {
      path: '(^|/)node_modules/',
      ...(packages.length > 0 && { pathNot: npm(packages) }),
    },
  },
  {
    name: `packages-of-tests-in-${room}`,
    severity: 'error',
    from: { path: `${inRoom(room)}.*${test}` },
    to: { path: '(^|/)node_modules/', pathNot: npm([...packages, 'fast-check', 'node']) },
  },
])

const oneWay = roomsWith(({ never }) => never !== undefined).map((room) => ({
  name: `${room}-is-one-way`,
  severity: 'error',
  from: { path: inRoom(room), pathNot: test },
  to: { path: inRoom(anyOf(rooms[room].never)), reachable: true },
}))

const mayReach = roomsWith((room) => room.unseal !== undefined)
const mayEnter = roomsWith((room) => room.unseal === 'enters')

module.exports = {
  forbidden: [
    ...walls,
    ...oneWay,
    {
      name: 'every-folder-is-a-room',
      severity: 'error',
      from: { path: '^src/', pathNot: inRoom(anyOf(Object.keys(rooms))) },
      to: {},
    },
    {
      name: 'enter-by-the-door',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: {
        path: '^src/',
        pathNot: '^src/$1/',
        dependencyTypesNot: ['aliased-subpath-import'],
      },
    },
    {
      name: 'only-the-client-opens',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [inRoom(anyOf(mayEnter)), unseal, `^src/seal/.*${test}`],
      },
      to: { path: unseal },
    },
    {
      name: 'nobody-else-reaches-unseal',
      severity: 'error',
      from: { path: '^src/', pathNot: [inRoom(anyOf(mayReach)), unseal, test] },
      to: { path: unseal, reachable: true },
    },
    {
      name: 'runs-in-a-browser-too',
      severity: 'error',
      from: { path: inRoom(anyOf(roomsWith((room) => room.everywhere))), pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-a-test',
      severity: 'error',
      from: {},
      to: { path: test },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-dangling', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    // As Node.js finds what a package offers beside its main door.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
