// The first lines of the single executable: it unpacks the program into the user's cache folder once, and runs it there.
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { homedir, tmpdir } = require('node:os')
const { dirname, isAbsolute, join } = require('node:path')
const { getAsset, getRawAsset, isSea } = require('node:sea')

const { build, files } = JSON.parse(getAsset('contents.json', 'utf8'))

/** @returns the folder that holds this build's files; temporary where no cache folder can be written. */
function unpacked() {
  const place = join(cacheFolder(), `program-${build}`)
  if (existsSync(place)) return place
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 })
    const fresh = unpackInto(mkdtempSync(`${place}.`))
    renameSync(fresh, place)
  } catch {
    if (existsSync(place)) return place
    const passing = unpackInto(mkdtempSync(join(tmpdir(), 'pl-stories-')))
    process.on('exit', () => rmSync(passing, { recursive: true, force: true }))
    return passing
  }
  return place
}

function cacheFolder() {
  const { LOCALAPPDATA, XDG_CACHE_HOME = '' } = process.env
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'pl-stories')
  const usual = { win32: LOCALAPPDATA || 'AppData/Local', darwin: 'Library/Caches' }[process.platform]
  return join(process.platform === 'win32' && LOCALAPPDATA ? '' : homedir(), usual ?? '.cache', 'pl-stories')
}

function unpackInto(folder) {
  for (const file of files) {
    const path = join(folder, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, Buffer.from(getRawAsset(file)))
  }
  return folder
}

// What the program tells people to type begins with this file.
process.env.PL_STORIES_EXECUTABLE = process.execPath
if (isSea()) createRequire(join(unpacked(), 'bin', 'sea.js'))('./pl-stories.js')
