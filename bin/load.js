// Loads the program. To compile it takes longer than to run it: so what V8 made of it at the build is kept beside it.
const { readFileSync } = require('node:fs')
const { createRequire, enableCompileCache } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const BUNDLE = join(__dirname, '..', 'dist', 'lib', 'cli.cjs')
/** Only the same V8 on the same machine's kind can read it. */
const COMPILED = `${BUNDLE}.${process.platform}-${process.arch}-${process.versions.v8}`

/** @returns what the bundle exports and, where that is of use, the script that it was loaded from. */
function load() {
  const cachedData = readIfThere(COMPILED)
  if (cachedData) return loadWith(cachedData)
  // From Node 22 on, Node keeps by itself what it has compiled.
  enableCompileCache?.()
  return { exports: require(BUNDLE) }
}

function loadWith(cachedData) {
  const source = readFileSync(BUNDLE, 'latin1')
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`
  const script = new Script(wrapped, { filename: BUNDLE, cachedData })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE))
  return { exports: module.exports, script }
}

function readIfThere(path) {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

module.exports = { load, loadWith, BUNDLE, COMPILED }
