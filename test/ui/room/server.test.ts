import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import type { RoomView } from '../../../src/ui/room/page.ts'
import { type RoomAddress, serveRoom } from '../../../src/ui/room/server.ts'

const VIEW: RoomView = {
  title: 'Equity in 60 minutes',
  language: 'en',
  step: 'Step 2 of 8: Warmup',
  say: ['Mark one line that stands out to you.'],
  questions: [{ groups: '', label: 'Warmup', text: 'What stands out to you about this standard and why?' }],
  groups: [],
  norms: [],
  clock: 'running',
  left: 360_000,
  blank: false,
}

async function served(view = () => VIEW, kept?: RoomAddress) {
  const server = await serveRoom(view, kept)
  onTestFinished(() => server.close())
  return server
}

interface Asked {
  method?: string
  path?: string
  headers?: Record<string, string>
}

/** One request as a program on this machine could send it, with whatever headers. */
function ask(url: string, { method = 'GET', path, headers = {} }: Asked = {}) {
  const { port, pathname } = new URL(url)
  return new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port, method, path: path ?? pathname, headers },
      response => {
        let body = ''
        const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        response.setEncoding('utf8').on('data', piece => {
          body += piece
          // The stream of states has no end: its first one is enough.
          if (body.includes('data: ') && body.endsWith('\n\n')) {
            sent.destroy()
            done()
          }
        })
        response.on('end', done)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

test('the page and its states come under the right name and path, and are kept, framed and named nowhere', async () => {
  const { url } = await served()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/)
  const page = await ask(url)
  expect(page).toMatchObject({ status: 200 })
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['cache-control']).toBe('no-store')
  expect(page.headers['x-frame-options']).toBe('DENY')
  expect(page.headers['referrer-policy']).toBe('no-referrer')
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
  expect(page.body).not.toMatch(/(?:src|href)=|https?:/)
  const { port } = new URL(url)
  expect((await ask(url, { headers: { Host: `localhost:${port}` } })).status).toBe(200)
  const stream = await ask(`${url}events`)
  expect(stream.headers['content-type']).toBe('text/event-stream')
  expect(JSON.parse(/^data: (.*)$/m.exec(stream.body)?.[1] ?? '')).toEqual(VIEW)
})

test('whatever else asks is refused, and is told nothing', async () => {
  const { url } = await served()
  const { port, pathname } = new URL(url)
  const path = pathname.slice(0, -1)
  const hostile: [status: number, Asked][] = [
    [404, { path: '/' }],
    [404, { path }],
    [404, { path: `${path.slice(0, -1)}/` }],
    [404, { path: `${path}/../` }],
    [404, { path: `${path}/%2e%2e/` }],
    [404, { path: `${path}/?a=1` }],
    [404, { path: `/x${path}/` }],
    [404, { path: `${path}/events/` }],
    [404, { path: `http://127.0.0.1:${port}${path}/` }],
    [404, { path: '/favicon.ico' }],
    [405, { method: 'POST' }],
    [405, { method: 'HEAD' }],
    [405, { method: 'OPTIONS' }],
    [421, { headers: { Host: 'attacker.example' } }],
    [421, { headers: { Host: `attacker.example:${port}` } }],
    [421, { headers: { Host: '127.0.0.1' } }],
    [403, { headers: { Origin: 'https://attacker.example' } }],
    [403, { headers: { Origin: 'null' } }],
    [403, { headers: { 'Sec-Fetch-Site': 'cross-site' } }],
    [403, { path: `${path}/events`, headers: { Origin: 'http://localhost:1' } }],
  ]
  for (const [status, asked] of hostile) {
    const { body, ...answer } = await ask(url, asked)
    expect(answer.status, JSON.stringify(asked)).toBe(status)
    expect(body, JSON.stringify(asked)).toBe('')
  }
})

test('only this machine reaches it', async () => {
  const { address } = await served()
  const own = Object.values(networkInterfaces())
    .flat()
    .filter(each => each && !each.internal)
  for (const { address: host } of own as { address: string }[]) {
    const reached = await new Promise<boolean>(resolve => {
      const socket = connect({ host, port: address.port })
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    })
    expect(reached, host).toBe(false)
  }
  if (process.platform !== 'linux') return
  const listening = readFileSync('/proc/net/tcp', 'utf8')
  const port = address.port.toString(16).toUpperCase().padStart(4, '0')
  expect(listening).toMatch(new RegExp(`: 0100007F:${port} 00000000:0000 0A`))
})

test('a start after a crash has the same address, or says a new one where another program has taken the port', async () => {
  const first = await serveRoom(() => VIEW)
  first.close()
  const again = await served(() => VIEW, first.address)
  expect(again.url).toBe(first.url)
  const other = await served(() => VIEW, first.address)
  expect(other.address.port).not.toBe(first.address.port)
  expect(other.address.path).toBe(first.address.path)
})

test('ten pages at once get each state; more than a room needs are refused', async () => {
  let step = 'one'
  const server = await served(() => ({ ...VIEW, step }))
  const seen: string[] = []
  const opened = Array.from({ length: 10 }, (_, i) => {
    const sent = httpRequest(`${server.url}events`, response => {
      response.setEncoding('utf8').on('data', piece => {
        seen[i] = (seen[i] ?? '') + piece
      })
    })
    sent.on('error', () => {})
    sent.end()
    return sent
  })
  await expect.poll(() => seen.filter(text => text?.includes('"one"')).length).toBe(10)
  step = 'two'
  server.update()
  await expect.poll(() => seen.filter(text => text.includes('"two"')).length).toBe(10)
  for (const each of opened) each.destroy()
})
