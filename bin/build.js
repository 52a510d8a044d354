// Makes dist: the program in one bundle, the shipped guides read beforehand, and the licences of what is bundled.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')
rmSync(DIST, { recursive: true, force: true })

/** Commander loads what starts other programs, for commands that are such: we have none, and it takes its time. */
const withoutPrograms = {
  name: 'without-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'none' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** What takes its time to load, and hardly any start needs: each a file of its own, loaded when it is first called. */
const LATE = [
  {
    name: 'yaml',
    by: /front-matter\.ts$/,
    as: "export const parseDocument = (...given) => require('./yaml.cjs').parseDocument(...given)",
  },
  { name: 'yaml', by: /./, as: "module.exports = require('./yaml.cjs')" },
  {
    name: 'string-width',
    by: /graphemes\.ts$/,
    as: "export default (...given) => require('./string-width.cjs').default(...given)",
  },
]
const whenCalled = {
  name: 'when-called',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:yaml|string-width)$/ }, ({ path, importer }) => {
      const late = LATE.find(({ name, by }) => name === path && by.test(importer))
      return late && { path: late.as, namespace: 'late' }
    })
    onResolve({ filter: /\.cjs$/, namespace: 'late' }, ({ path }) => ({ path, external: true }))
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path: contents }) => ({ contents }))
  },
}

const shared = {
  absWorkingDir: ROOT,
  outdir: 'dist/lib',
  bundle: true,
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20.17',
  logLevel: 'warning',
}
const late = await build({
  ...shared,
  entryPoints: ['yaml', 'string-width'],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
})
const main = await build({
  ...shared,
  entryPoints: ['src/cli.ts'],
  splitting: true,
  format: 'esm',
  plugins: [withoutPrograms, whenCalled],
  // Some of what is bundled still asks for its modules in the old way.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
})

await readGuides()
writeFileSync(join(DIST, 'licenses.txt'), licences())

/** What the checker made of the shipped guides, so that no start has to read and check them again. */
async function readGuides() {
  const [checker] = Object.entries(main.metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === 'src/guide-file.ts',
  )
  const { examineGuide } = await import(pathToFileURL(join(ROOT, checker)).href)
  const guides = {}
  for (const file of readdirSync(join(ROOT, 'guide')).filter(name => name.endsWith('.yaml'))) {
    const text = readFileSync(join(ROOT, 'guide', file), 'utf8')
    const { form, problems } = examineGuide({ name: file, text })
    if (!form) throw new Error(`guide/${file} has problems: ${problems.map(({ what }) => what).join('; ')}`)
    guides[file] = { text, form }
  }
  writeFileSync(join(DIST, 'guides.json'), JSON.stringify(guides))
}

/** The licence of every package that is in the bundle, as its author wrote it. */
function licences() {
  const folders = new Set(
    [main, late]
      .flatMap(({ metafile }) => Object.keys(metafile.inputs))
      .flatMap(path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  const parts = [...folders].sort().map(folder => {
    const about = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(ROOT, folder)).find(name => /^licen[cs]e/i.test(name))
    const text = file ? readFileSync(join(ROOT, folder, file), 'utf8').trim() : '(no text beside it)'
    return `${about.name} ${about.version}, ${about.license}\n\n${text}\n`
  })
  return [`pl-stories holds these packages:\n`, ...parts].join(`\n${'-'.repeat(80)}\n\n`)
}
