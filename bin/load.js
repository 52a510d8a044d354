// Loads the program, part by part. To compile it takes longer than to run it: so what V8 made of it at the build is
// kept beside it.
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire, enableCompileCache } = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

const LIB = join(__dirname, '..', 'dist', 'lib')
const pathOf = part => join(LIB, `${part}.cjs`)
/** Only the same V8 on the same machine's kind can read it. */
const compiledOf = part => `${pathOf(part)}.${process.platform}-${process.arch}-${process.versions.v8}`
/** A part ends and its compiled code begins with the same characters: V8 compares no more than lengths. */
const BUILD_LENGTH = 32

/** @returns what the program exports. `fresh`: nothing that was kept is used, so that it can be kept again. */
function load({ fresh = false } = {}) {
  compileAnew = fresh
  return need('cli', 'main.js')
}

let compileAnew = false
/** Each part's chunks, as functions, and its script. */
const parts = new Map()
const chunks = new Map()
const requireThere = createRequire(pathOf('cli'))

/** @returns what a chunk of the program exports. */
function need(part, chunk) {
  let exported = chunks.get(chunk)
  if (!exported) {
    if (!parts.has(part)) parts.set(part, partOf(part))
    exported = parts.get(part).chunks[chunk](need, requireThere, LIB)
    chunks.set(chunk, exported)
  }
  return exported
}

function partOf(part) {
  const compiled = compileAnew ? undefined : readIfPossible(compiledOf(part))
  let script = compiled && scriptWith(part, compiled)
  if (!compileAnew && enableCompileCache && (!script || script.cachedDataRejected)) {
    // From 22.8 on, Node keeps some of what it compiles.
    enableCompileCache()
    return { chunks: require(pathOf(part)) }
  }
  script ??= scriptWith(part)
  return { chunks: script.runInThisContext(), script }
}

/** A part as a script, which need not be compiled if what was compiled is of the same build. */
function scriptWith(part, compiled) {
  const source = readFileSync(pathOf(part), 'latin1')
  const build = compiled?.subarray(0, BUILD_LENGTH).latin1Slice()
  if (compiled && build !== source.slice(-BUILD_LENGTH)) return undefined
  return new Script(source, {
    filename: pathOf(part),
    cachedData: compiled?.subarray(BUILD_LENGTH),
  })
}

/** Keeps what of this process has been compiled, for later starts. */
function keepCompiled() {
  for (const [part, { script }] of parts) {
    const build = readFileSync(pathOf(part)).subarray(-BUILD_LENGTH)
    writeFileSync(compiledOf(part), Buffer.concat([build, script.createCachedData()]))
  }
}

/** What was compiled only saves time: where it can't be had, whatever the reason, it is made again. */
function readIfPossible(path) {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

module.exports = { load, scriptWith, keepCompiled, pathOf, compiledOf, BUILD_LENGTH }
