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

/** YAML is loaded when front matter is read that somebody else has written: hardly ever. */
const yamlWhenNeeded = {
  name: 'yaml-when-needed',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^yaml$/ }, ({ importer, resolveDir }) =>
      importer.endsWith('front-matter.ts')
        ? { path: 'yaml', namespace: 'late', pluginData: resolveDir }
        : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'late' }, ({ pluginData: resolveDir }) => ({
      contents: "export const parseDocument = (...given) => require('yaml').parseDocument(...given)",
      resolveDir,
    }))
  },
}

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist/lib',
  bundle: true,
  splitting: true,
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  platform: 'node',
  target: 'node20.17',
  format: 'esm',
  logLevel: 'warning',
  plugins: [withoutPrograms, yamlWhenNeeded],
  // Some of what is bundled still asks for its modules in the old way.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
})

await readGuides()
writeFileSync(join(DIST, 'licenses.txt'), licences())

/** What the checker made of the shipped guides, so that no start has to read and check them again. */
async function readGuides() {
  const [checker] = Object.entries(metafile.outputs).find(
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
    Object.keys(metafile.inputs).flatMap(
      path => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
    ),
  )
  const parts = [...folders].sort().map(folder => {
    const about = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(ROOT, folder)).find(name => /^licen[cs]e/i.test(name))
    const text = file ? readFileSync(join(ROOT, folder, file), 'utf8').trim() : '(no text beside it)'
    return `${about.name} ${about.version}, ${about.license}\n\n${text}\n`
  })
  return [`pl-stories holds these packages:\n`, ...parts].join(`\n${'-'.repeat(80)}\n\n`)
}
