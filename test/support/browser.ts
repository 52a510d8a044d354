import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

/** A program of the machine that runs the tests; undefined where it is not installed. */
export function installed(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

export const CHROMIUM = installed('chromium', 'chromium-browser', 'google-chrome')

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-pipe',
]

export interface Browser {
  /** Opens a file of the disk, at this width, in light or dark, for screen or print. */
  open(path: string, view?: View): Promise<void>
  /** What a script in the page comes to. The page's own policy forbids it scripts, not us. */
  evaluate<T>(script: string): Promise<T>
  /** Every address that the page asked for since it was opened. */
  requests(): string[]
  screenshot(): Promise<Buffer>
  pdf(): Promise<Buffer>
  close(): Promise<void>
}

export interface View {
  width?: number
  scheme?: 'light' | 'dark'
  media?: 'screen' | 'print'
}

type Message = { id?: number; method?: string; result?: object; error?: { message: string }; params?: object }

/** Starts a Chromium of its own and speaks with it over two pipes. */
export async function openBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'pl-stories-chromium-'))
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  const waiting = new Map<number, (message: Message) => void>()
  const listeners = new Set<(message: Message) => void>()
  let rest = ''
  ;(child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const message = JSON.parse(part) as Message
      if (message.id !== undefined) waiting.get(message.id)?.(message)
      else for (const listener of listeners) listener(message)
    }
  })
  let last = 0
  let session: string | undefined
  const call = <T>(method: string, params: object = {}): Promise<T> => {
    const id = ++last
    ;(child.stdio[3] as Writable).write(
      `${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`,
    )
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id)
        if (error) reject(new Error(`${method}: ${error.message}`))
        else resolve(result as T)
      })
    })
  }
  const event = (name: string) =>
    new Promise<void>(resolve => {
      const listener = ({ method }: Message) => {
        if (method !== name) return
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
    })

  const { targetId } = await call<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
  session = (await call<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true }))
    .sessionId
  await Promise.all([call('Page.enable'), call('Network.enable')])
  let requests: string[] = []
  listeners.add(({ method, params }) => {
    if (method === 'Network.requestWillBeSent')
      requests.push((params as { request: { url: string } }).request.url)
  })
  return {
    async open(path, { width = 1000, scheme = 'light', media = 'screen' } = {}) {
      requests = []
      await call('Emulation.setDeviceMetricsOverride', {
        width,
        height: 900,
        deviceScaleFactor: 1,
        mobile: false,
      })
      await call('Emulation.setEmulatedMedia', {
        media,
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      })
      const loaded = event('Page.loadEventFired')
      await call('Page.navigate', { url: pathToFileURL(path).href })
      await loaded
    },
    async evaluate<T>(script: string): Promise<T> {
      const { result, exceptionDetails } = await call<{
        result: { value: T }
        exceptionDetails?: { text: string; exception?: { description?: string } }
      }>('Runtime.evaluate', { expression: script, awaitPromise: true, returnByValue: true })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    requests: () => requests,
    async screenshot() {
      const { data } = await call<{ data: string }>('Page.captureScreenshot', { captureBeyondViewport: true })
      return Buffer.from(data, 'base64')
    },
    async pdf() {
      await call('Emulation.setEmulatedMedia', { media: 'print' })
      const { data } = await call<{ data: string }>('Page.printToPDF', { preferCSSPageSize: true })
      return Buffer.from(data, 'base64')
    },
    async close() {
      session = undefined
      await call('Browser.close').catch(() => child.kill())
      await ended
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
