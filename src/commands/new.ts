import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { UserError } from '../domain/errors.ts'
import { asId } from '../schema/guide.ts'
import { codeOf, ioError, removeFile } from '../storage/atomic-file.ts'
import { schemaAddress, shippedGuideText, shippedPlanText, starterText } from '../storage/catalog.ts'
import { printNotice } from '../storage/io.ts'
import { commandLine, type Options } from '../storage/locate.ts'

/** Begins a guide or a plan of one's own. Never replaces a file. */
export async function newFile(path: string, options: Options): Promise<number> {
  const { from, plan } = options
  if (from !== undefined && plan !== undefined)
    throw new UserError('Use --from for a guide or --plan for a plan, not both.')
  if (!/[^/\\]\.ya?ml$/i.test(path)) {
    const name = `${path.replace(/\.[^./\\]*$/, '').replace(/(?<![^/\\])$/, 'my-guide')}.yaml`
    throw new UserError(`A guide or a plan is a YAML file. Give it a name such as ${name}.`)
  }
  const text = (await firstText(basename(path), options)).replace(SCHEMA_LINE, '')
  const address = schemaAddress(path, plan === undefined ? 'guide' : 'walkthrough')
  createFile(path, `# yaml-language-server: $schema=${address}\n${text}`)
  // A name that begins with a dash would be taken for an option.
  const typed = path.replace(/^(?=-)/, './')
  const tryIt = commandLine(plan === undefined ? ['--guide', typed] : ['facilitate', typed])
  printNotice(`${path}: created\nCheck it: ${commandLine(['check', typed])}\nTry it: ${tryIt}`)
  return 0
}

const SCHEMA_LINE = /^# yaml-language-server: \$schema=[^\n]*\n/

async function firstText(file: string, { from, plan }: Options): Promise<string> {
  if (plan !== undefined) return shippedPlanText(plan)
  const id = idOf(file)
  if (from === undefined) {
    const named = /^[\w.-]+$/.test(file) ? file : `"${file}"`
    return (await starterText()).replaceAll('my-guide.yaml', () => named).replaceAll('my-guide', id)
  }
  // Were there two guides with one id, notes would be taken for those of the shipped one.
  if (/\.(?!ya?ml$)\w+$/i.test(from)) return draft(from, id)
  const head = (await shippedGuideText(from)).replace(SCHEMA_LINE, '')
  const copy = head.replace(/^id: .*$/m, `id: ${id}`).replace(/^name: .*$/m, `name: ${id}`)
  return `# A copy of the guide "${from}". If you change its texts, say so in the note under "source".\n${copy}`
}

/** A guide out of a published document, with a comment at every guess. */
async function draft(name: string, id: string): Promise<string> {
  const bytes = await readFile(name).catch(error => {
    throw ioError(error, `read ${name}`, 2)
  })
  const { formOf, readPage } = await import('../import/formats.ts')
  const { draftGuide } = await import('../import/draft.ts')
  const { text, summary } = draftGuide(name, await readPage(formOf({ name, bytes })), id)
  printNotice(`${name}: ${summary}`)
  return `# A draft of the guide in ${basename(name)}. Its texts are word for word.\n${text}`
}

function idOf(file: string): string {
  const id = asId(file.replace(/\.ya?ml$/i, '')) || 'my-guide'
  // YAML would take these for a number or a word of its own.
  return /^[\d-]*(?:e[\d-]+)?$|^0[xo]|^(?:true|false|null)$/.test(id) ? `guide-${id}` : id
}

/**
 * Creates a file.
 * @throws UserError (exit 2) if it already exists, which is kept; (exit 3) if it cannot be written.
 */
function createFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', flush: true })
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new UserError(`${path} already exists and was kept. Use another name.`)
    // What could be written of it.
    removeFile(path)
    throw ioError(error, `write ${path}`, 3)
  }
}
