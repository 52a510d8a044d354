import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/* A page printed by a browser of the Chromium family that is installed here. */

const PROGRAMS =
  'google-chrome google-chrome-stable chromium chromium-browser microsoft-edge microsoft-edge-stable brave-browser'
const FLATPAKS = ['com.google.Chrome', 'org.chromium.Chromium', 'com.microsoft.Edge']
const MAC = ['Google Chrome', 'Microsoft Edge', 'Chromium']
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']

function browsers({ PATH = '', ProgramFiles, LOCALAPPDATA, ...env } = process.env): string[] {
  const home = homedir()
  const places =
    process.platform === 'win32'
      ? [ProgramFiles, env['ProgramFiles(x86)'], LOCALAPPDATA].flatMap(root =>
          root === undefined ? [] : WINDOWS.map(name => join(root, name)),
        )
      : process.platform === 'darwin'
        ? ['/', home].flatMap(root =>
            MAC.map(name => join(root, 'Applications', `${name}.app`, 'Contents', 'MacOS', name)),
          )
        : ['/var/lib/flatpak', join(home, '.local', 'share', 'flatpak')].flatMap(root =>
            FLATPAKS.map(name => join(root, 'exports', 'bin', name)),
          )
  const onPath = [...PATH.split(delimiter), '/snap/bin'].filter(Boolean)
  return [...PROGRAMS.split(' ').flatMap(name => onPath.map(folder => join(folder, name))), ...places].filter(
    existsSync,
  )
}

/**
 * The page as a tagged PDF with bookmarks; undefined if no browser is here that can print it. The browser gets a
 * profile of its own, which is removed. It ends with exit code 0 also if it wrote nothing: only the file tells.
 */
export async function pdf(page: Iterable<string>): Promise<Uint8Array | undefined> {
  const tried = new Set<string>()
  for (const browser of browsers()) {
    if (tried.size === MOST_TRIED || tried.has(browser)) continue
    tried.add(browser)
    const bytes = await printed(browser, page)
    if (bytes) return withoutTimes(bytes)
  }
  return undefined
}

const MOST_TRIED = 3
const LONGEST = 120_000

async function printed(browser: string, page: Iterable<string>): Promise<Buffer | undefined> {
  // A browser in a sandbox of its system reads and writes only in the person's own folder.
  const confined = /[\\/](?:snap|flatpak)[\\/]/.test(browser)
  const folder = await mkdtemp(join(confined ? homedir() : tmpdir(), 'pl-stories-pdf-'))
  const [source, target] = [join(folder, 'page.html'), join(folder, 'page.pdf')]
  try {
    await writeFile(source, page)
    const options = [
      ...['--headless', '--disable-gpu', '--no-first-run', '--disable-extensions', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', '--no-pdf-header-footer'],
      ...['--generate-pdf-document-outline', `--user-data-dir=${join(folder, 'profile')}`],
      // Root alone has to do without the browser's sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...[`--print-to-pdf=${target}`, pathToFileURL(source).href],
    ]
    // What it keeps for the next time would else stay in the person's own folders.
    const own = confined ? {} : { HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder }
    const env = { ...process.env, ...(process.platform === 'linux' && own) }
    await promisify(execFile)(browser, options, { timeout: LONGEST, env }).catch(() => undefined)
    return await readFile(target).catch(() => undefined)
  } finally {
    // The browser's helpers may be writing still.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The browser writes the time of the day into the file; a document of the same words is the same document. */
function withoutTimes(bytes: Buffer): Uint8Array {
  const text = bytes.toString('latin1')
  const times = /(\/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*)\)/g
  return Buffer.from(
    text.replace(times, (_, start: string, zone: string) => `${start}20000101000000${zone})`),
    'latin1',
  )
}
