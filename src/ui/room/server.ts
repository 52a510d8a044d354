import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RoomView, roomPage } from './page.ts'

/** Where the room page is served. Kept by whoever starts the server, so that a page left open finds it again. */
export interface RoomAddress {
  port: number
  /** At least 16 random characters: nobody guesses it. */
  path: string
}

export type RoomServer = Awaited<ReturnType<typeof serveRoom>>

/** Browsers allow six pages or so for one origin; more than these are refused, so that nothing piles up. */
const MOST_PAGES = 32
/** What a page shows is drawn from messages: a covered window's own timers tick once a minute. */
const HEARTBEAT_MS = 1000

/**
 * Serves the room page on the loopback interface until it is closed. `view` is asked for what the room sees.
 * @param kept the address of the last time; a new one where its port is taken.
 */
export async function serveRoom(view: () => RoomView, kept?: RoomAddress) {
  const path = kept?.path ?? randomBytes(16).toString('hex')
  const pages = new Set<ServerResponse>()
  const state = () => `data: ${JSON.stringify(view())}\n\n`
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 5000 }, (request, response) => {
    const refused = refusal(request, server, path)
    if (refused !== undefined) return answer(response, refused)
    if (!request.url?.endsWith('/events')) return sendPage(response, view())
    if (pages.size >= MOST_PAGES) return answer(response, 503)
    pages.add(response)
    response.on('close', () => pages.delete(response))
    response.writeHead(200, { ...SAFE, 'Content-Type': 'text/event-stream' })
    response.write(`retry: 1000\n${state()}`)
  })
  server.maxConnections = 2 * MOST_PAGES
  const update = () => {
    const message = pages.size > 0 ? state() : ''
    // A page that takes nothing for a while misses states, but none is kept for it: each is whole.
    for (const page of pages) if (!page.writableNeedDrain) page.write(message)
  }
  const port = await listen(server, kept?.port)
  const beating = setInterval(update, HEARTBEAT_MS)
  // The room's page keeps no program alive.
  beating.unref()
  server.unref()
  return {
    address: { port, path },
    url: `http://127.0.0.1:${port}/${path}/`,
    /** Sends the state at once, instead of with the next heartbeat. */
    update,
    close() {
      clearInterval(beating)
      server.close()
      server.closeAllConnections()
    },
  }
}

/** On the port of the last time if it is free, else on one that the system chooses. */
async function listen(server: Server, wanted = 0): Promise<number> {
  try {
    await once(server.listen(wanted, '127.0.0.1'), 'listening')
  } catch (error) {
    if (wanted === 0) throw error
    return listen(server)
  }
  return (server.address() as AddressInfo).port
}

/** Nothing is kept by a cache, framed, or named to other sites. */
const SAFE = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/**
 * The status that refuses a request; undefined if it may be answered. A site that a browser of this machine shows may
 * send requests here, under another name (Host) or from another origin.
 */
function refusal(
  { method, url, headers }: IncomingMessage,
  server: Server,
  path: string,
): number | undefined {
  const { port } = server.address() as AddressInfo
  const names = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!names.includes(headers.host ?? '')) return 421
  if (headers.origin !== undefined && !names.some(name => headers.origin === `http://${name}`)) return 403
  if (!['same-origin', 'none'].includes(String(headers['sec-fetch-site'] ?? 'none'))) return 403
  if (url !== `/${path}/` && url !== `/${path}/events`) return 404
  return method === 'GET' ? undefined : 405
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...SAFE, Connection: 'close' }).end()
}

function sendPage(response: ServerResponse, view: RoomView): void {
  const nonce = randomBytes(16).toString('base64')
  const own = `'nonce-${nonce}'`
  const policy = `default-src 'none'; script-src ${own}; style-src ${own}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  response
    .writeHead(200, {
      ...SAFE,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      // Its script reads the stream of the next start, too.
      Vary: 'Origin',
    })
    .end(roomPage(view, nonce))
}
