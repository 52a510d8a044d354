// Makes dist: the program, what it loads when needed, the shipped guides read beforehand, licences, compiled code.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { BUILD_LENGTH } from './load.js'
import { manPage } from './man.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')
rmSync(DIST, { recursive: true, force: true })

/** What takes its time to load, and few starts need: each a file of its own. */
const LATE = {
  yaml: "export * from 'yaml'",
  '@inquirer/prompts': "export { select, Separator } from '@inquirer/prompts'",
  marked: "export * from 'marked'",
  'marked-terminal': "export * from 'marked-terminal'",
  htmlparser2: "export { Parser } from 'htmlparser2'",
  papaparse: "module.exports = require('papaparse')",
}
const fileOf = name => `${name.replace(/[@/]+/g, '-').replace(/^-/, '')}.cjs`
/** Where only one function of a package is wanted, and hardly ever, it is loaded when it is first called. */
const CALLED = [{ name: 'yaml', by: /notes[\\/]front-matter\.ts$/, as: 'parseDocument' }]
/** The same for classes, which are asked for by name. */
const NAMED = [{ name: 'marked', by: /export[\\/]markdown-parser\.ts$/, names: ['Lexer', 'Tokenizer'] }]

const late = {
  name: 'late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, importer }) => {
      if (!(name in LATE) || importer.includes('node_modules')) return undefined
      const file = `./${fileOf(name)}`
      const called = CALLED.find(each => each.name === name && each.by.test(importer))
      const named = NAMED.find(each => each.name === name && each.by.test(importer))
      const getters = named?.names.map(each => `get ${each}() { return require('${file}').${each} }`)
      if (getters) return { path: `module.exports = { ${getters.join(', ')} }`, namespace: 'late' }
      if (!called) return { path: file, external: true }
      const call = `(...given) => require('${file}').${called.as}(...given)`
      return { path: `export const ${called.as} = ${call}`, namespace: 'late' }
    })
    onResolve({ filter: /\.cjs$/, namespace: 'late' }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path: contents }) => ({ contents }))
  },
}

/** Modules of Node that few starts need: each is loaded when one of its functions is first called. */
const ON_CALL = /^node:(?:fs\/promises|crypto|child_process|timers\/promises)$/
const onCall = {
  name: 'on-call',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: ON_CALL }, ({ path, importer, namespace }) =>
      namespace === 'on-call' || importer.includes('node_modules')
        ? undefined
        : { path, namespace: 'on-call' },
    )
    onLoad({ filter: /.*/, namespace: 'on-call' }, ({ path }) => {
      const module = createRequire(import.meta.url)(path)
      const names = Object.keys(module).filter(name => typeof module[name] === 'function')
      const each = names.map(
        name => `export const ${name} = (...given) => require('${path}').${name}(...given)`,
      )
      return { contents: each.join('\n') }
    })
  },
}

/**
 * What packages ask for and never use here: Commander what starts other programs, for commands that are such;
 * the renderer of Markdown smileys, which are switched off, and colours for programming languages.
 */
const UNUSED = {
  'node:child_process': /commander/,
  'cli-highlight': /marked-terminal/,
  'node-emoji': /marked-terminal/,
}
const unused = {
  name: 'unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:child_process|cli-highlight|node-emoji)$/ }, ({ path, importer }) =>
      UNUSED[path].test(importer) ? { path, namespace: 'unused' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20.17',
  format: 'cjs',
  // One byte a character is faster to read.
  charset: 'ascii',
  logLevel: 'warning',
}
const parts = Object.entries(LATE).map(([name, contents]) =>
  build({
    ...shared,
    stdin: { contents, resolveDir: ROOT },
    outfile: join('dist', 'lib', fileOf(name)),
    plugins: [unused],
  }),
)
const program = {
  ...shared,
  define: { 'import.meta.dirname': '__dirname' },
}
/** The program in parts, each a file with what these need before anything in it runs: no start reads what it leaves. */
const PARTS = {
  cli: ['cli/main.ts'],
  notes: ['commands/view.ts', 'commands/answer.ts', 'domain/actions.ts'],
  interview: ['commands/start.ts', 'ui/plain/interview.ts', 'ui/terminal/interview.ts'],
  reading: ['export/guide-document.ts'],
  documents: ['commands/export.ts', 'export/html.ts', 'export/docx.ts'],
  rest: [],
}
const main = build({
  ...program,
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist/lib',
  format: 'esm',
  splitting: true,
  write: false,
  plugins: [unused, late, onCall],
})
const built = await Promise.all([main, ...parts])

writeParts(built[0])
await readGuides()
await writeManual()
writeFileSync(
  join(DIST, 'licenses.txt'),
  licences(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
)
await import('./compile.mjs')

/**
 * Of esbuild's chunks makes the parts: in each, chunks as functions that run when first needed. Chunks share much
 * smaller pieces than are worth a file. Functions in brackets are compiled with the file, which is what Node keeps.
 */
function writeParts({ metafile, outputFiles }) {
  const { outputs } = metafile
  const chunks = new Map(Object.entries(outputs).map(([path, chunk]) => [basename(path), chunk]))
  const partOf = new Map()
  const add = (part, name) => {
    if (partOf.has(name)) return
    partOf.set(name, part)
    for (const { path, kind, external } of chunks.get(name).imports)
      if (!external && kind === 'import-statement') add(part, basename(path))
  }
  for (const [part, files] of Object.entries(PARTS))
    for (const file of files)
      for (const [name, { inputs }] of chunks) if (`src/${file}` in inputs) add(part, name)
  for (const name of chunks.keys()) add('rest', name)
  const needed = name => (chunks.has(name) ? `need('${partOf.get(name)}','${name}')` : undefined)
  for (const part of Object.keys(PARTS)) {
    const each = outputFiles
      .map(({ path, text }) => [basename(path), text])
      .filter(([name]) => partOf.get(name) === part)
      .map(([name, text]) => `'${name}':(function(need,require,__dirname){${asFunction(text, needed)}})`)
    const whole = ascii(`(typeof module>'u'?{}:module).exports={${each.join(',\n')}}\n`)
    const build = createHash('sha256').update(whole).digest('hex').slice(0, BUILD_LENGTH)
    writeFileSync(join(DIST, 'lib', `${part}.cjs`), `${whole}//${build}`)
  }
}

/** The text of a module as the body of a function: what it imports is needed, what it exports returned. */
function asFunction(text, needed) {
  const source = from => needed(from.slice(2)) ?? `require('${from}')`
  const names = list => list.replace(/([\w$]+) as ([\w$]+)/g, '$1:$2')
  const exported = list => list.replace(/([\w$]+) as ([\w$]+)/g, '$2:$1')
  return text
    .replace(
      /\bimport ?(?:\*as )?([\w$]+|\{[^}]*\}) ?from"([^"]+)";/g,
      (_, what, from) => `const ${names(what)}=${source(from)};`,
    )
    .replace(/\bimport"(\.[^"]+)";/g, (_, from) => `${source(from)};`)
    .replace(/\bimport\("([^"]+)"\)/g, (_, from) => `Promise.resolve().then(()=>${source(from)})`)
    .replace(/\bexport(\{[^}]*\});\s*$/, (_, list) => `return${exported(list)}`)
}

/** esbuild leaves the letters in patterns as they are, and the loader reads one byte a character. */
function ascii(text) {
  return text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What the checker makes of the shipped guides, so that no start has to read and check them again. */
async function readGuides() {
  const { examineGuide } = await bundled('src/schema/guide.ts')
  const guides = {}
  for (const file of readdirSync(join(ROOT, 'guide')).filter(name => name.endsWith('.yaml'))) {
    const text = readFileSync(join(ROOT, 'guide', file), 'utf8')
    const { value: form, problems } = examineGuide({ name: file, text })
    if (!form) throw new Error(`guide/${file}: ${problems.map(({ message }) => message).join('; ')}`)
    guides[file] = { text, form }
  }
  writeFileSync(join(DIST, 'guides.json'), JSON.stringify(guides))
}

async function writeManual() {
  const program = await bundled('src/cli/main.ts')
  const about = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  writeFileSync(
    join(DIST, 'pl-stories.1'),
    manPage(
      program.commandLine(() => {}),
      about,
    ),
  )
}

/** A module of the program, for what is made of it at the build. */
async function bundled(entry) {
  const outfile = join(DIST, `${entry.replace(/\W/g, '-')}.cjs`)
  await build({ ...program, entryPoints: [entry], outfile, plugins: [unused] })
  const module = createRequire(import.meta.url)(outfile)
  rmSync(outfile)
  return module
}

/** The licence of every package that is in the bundle, as its author wrote it. */
function licences(inputs) {
  const folders = new Set(
    inputs.flatMap(path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  const each = [...folders].sort().map(folder => {
    const about = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
    const files = readdirSync(join(ROOT, folder))
    const textOf = named => {
      const name = files.find(each => named.test(each))
      return name && readFileSync(join(ROOT, folder, name), 'utf8')
    }
    const text = textOf(/^licen[cs]e/i) ?? /^#+ *licen[cs]e[\s\S]*/im.exec(textOf(/^readme/i))?.[0]
    if (!text) throw new Error(`${folder} has no licence`)
    return `${about.name} ${about.version}, ${about.license}\n\n${text.trim()}\n`
  })
  return ['pl-stories holds these packages:\n', ...each].join(`\n${'-'.repeat(80)}\n\n`)
}
