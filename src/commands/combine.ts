import { basename, dirname, join, resolve } from 'node:path'
import { counted } from '../domain/answers.ts'
import { oneOf, UserError } from '../domain/errors.ts'
import { privacyWarning } from '../domain/privacy.ts'
import { digestBrief, digestDocument, digestJson } from '../export/digest-document.ts'
import { afresh, type Document } from '../export/document.ts'
import { assertRepresentable, chooseFormat, type Format } from '../export/formats.ts'
import { layoutOf } from '../export/guide-document.ts'
import { READABLE } from '../import/formats.ts'
import { type Digest, DigestBuilder } from '../notes/digest.ts'
import { askerFor } from '../session/choose-ui.ts'
import { type Findings, Reader, sentencesOf } from '../session/collect.ts'
import { COPY_POLICIES } from '../session/copies.ts'
import { upTo } from '../session/remarks.ts'
import { placeFor, writeDocument } from '../session/write-document.ts'
import type { Content } from '../storage/atomic-file.ts'
import { findGuide, type GuideFile } from '../storage/catalog.ts'
import { type Input, inputsOf, printNotice, writeResult } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'
import { SpillingStore } from '../storage/text-store.ts'
import { prefersPlain } from '../ui/environment.ts'
import { progress } from '../ui/terminal/renderer.ts'

/** Makes one digest of many notes. What can't be used is reported, and the rest combined. */
export async function combine(names: string[], options: Options): Promise<number> {
  const [formatName, format] = chooseFormat(options)
  layoutOf(options.layout)
  assertRepresentable(formatName, format, options)
  const inputs = withoutOutput(await inputsOf(names, { ...options, wanted: READABLE }), options.output)
  assureLabels(inputs, options)
  const store = new SpillingStore()
  try {
    const gathering = new DigestBuilder(store)
    const asked = options.guide === undefined ? undefined : await findGuide(options.guide)
    const reader = await readAll(inputs, gathering, asked, options)
    if (reader.findings.differing.length > 0) return tellDiffering(reader.findings)
    const [first] = inputs
    const { guide, path } = asked ?? (await findGuide(undefined, first?.path, gathering.guide()))
    for (const other of gathering.ofOthers(guide)) reader.turnAway(other, guide)
    const digest = gathering.digest(guide, options.anonymous ?? false)
    assureSomething(digest, reader.findings)
    say(digest, reader.findings, format, options)
    const made = await written(digest, [formatName, format], reader.findings, options)
    const stem = join(dirname(first?.path ?? ''), `${guide.name}-digest${options.brief ? '-brief' : ''}`)
    const place = placeFor(options, format, stem, [path, ...inputs.map(input => input.path)])
    const delivered =
      'items' in made && format.carries !== 'answers'
        ? await writeDocument(format, made, place)
        : await writeResult(made as Content, place)
    const { leftOut, hasLeft } = reader.findings
    return hasLeft || leftOut.some(({ fault }) => fault) ? 1 : delivered
  } finally {
    store.close()
  }
}

/** Last week's digest in the folder is about to be replaced, not read. */
function withoutOutput(inputs: Input[], output: string | undefined): Input[] {
  return output === undefined ? inputs : inputs.filter(({ path, named }) => named || path !== resolve(output))
}

function assureLabels(
  inputs: readonly Input[],
  { label: labels = [], labelFolder, labelColumn, anonymous }: Options,
): void {
  if (anonymous && (labels.length > 0 || labelFolder || labelColumn !== undefined))
    throw new UserError('Use labels or --anonymous, not both: with names, or without?')
  const files = inputs.filter(({ skipped }) => !skipped).length
  if (labels.length > 0 && labels.length !== files)
    throw new UserError(
      `Give one --label for each file, in order: there are ${counted(files, 'file')} and ${counted(labels.length, 'label')}. Example: pl-stories combine oak.md elm.md --label Oak --label Elm`,
    )
  if (files === 0)
    throw new UserError(
      'There are no files to combine. Name notes, filled-in handouts or tables, or a folder that holds some.',
    )
}

async function readAll(
  inputs: readonly Input[],
  gathering: DigestBuilder,
  guide: GuideFile | undefined,
  options: Options,
): Promise<Reader> {
  const { label = [], labelFolder, labelColumn, anonymous = false, privacyCheck = true, accessible } = options
  const reader = new Reader(gathering, {
    ...{ guide, anonymous, privacyCheck, labelColumn },
    ...{ copies: policyOf(options.copies), ask: askerFor(accessible) },
  })
  const files = inputs.filter(({ skipped }) => !skipped)
  const labels = new Map(files.map((input, i) => [input, label[i]]))
  const folderOf = ({ path }: Input) => (labelFolder ? basename(dirname(path)) : undefined)
  const shown = progress(
    process.stderr,
    prefersPlain(accessible ?? false),
    done => `Read ${done} of ${inputs.length} files`,
  )
  try {
    await reader.readAll(
      inputs,
      input => labels.get(input) ?? folderOf(input),
      done => shown.at(done),
    )
  } finally {
    shown.end()
  }
  return reader
}

const policyOf = (word: string | undefined) =>
  word === undefined ? undefined : oneOf('--copies', word, COPY_POLICIES, 'Choose one of')

/** No digest is made of what cannot be counted. @returns the exit code. */
function tellDiffering(findings: Findings): number {
  printNotice([
    ...sentencesOf(findings),
    ...findings.differing,
    'No digest was made. To count copies as groups: --copies groups. To keep both versions of each answer: --copies merge. To leave copies out: --copies leave.',
  ])
  return 1
}

function assureSomething({ size }: Digest, { leftOut }: Findings): void {
  if (size === 0)
    throw new UserError(
      `${leftOut.map(({ message }) => message).join('\n')}\nNo notes found to combine.`.trimStart(),
    )
}

/** The digest as a document, or in a format for other programs. */
async function written(
  digest: Digest,
  [formatName, format]: [string, Format],
  { leftOut, taken }: Findings,
  { title, by, date, layout, brief }: Options,
): Promise<Content | Document> {
  const sentences = leftOut.filter(({ fault }) => fault).map(({ name, why }) => `${name} ${why}`)
  const json = () => digestJson(digest, sentences)
  if (formatName === 'yaml')
    return [(await import('../export/data.ts')).yamlText(JSON.parse([...json()].join('')))]
  if (format.carries === 'answers') return afresh(json)
  const facts = [by, date]
  if (brief) return digestBrief(digest, { title, facts: date === undefined ? [by, upTo(taken)] : facts })
  const each = format.carries === 'table'
  return digestDocument(digest, { ...{ title, facts, each }, layout: layoutOf(layout), leftOut: sentences })
}

function say(digest: Digest, findings: Findings, { carries }: Format, { anonymous }: Options): void {
  const { files } = findings
  const ownLines = files.reduce((sum, file) => sum + file.ownLines, 0)
  printNotice([
    ...sentencesOf(findings),
    ...(ownLines > 0
      ? [
          `Not included: ${counted(ownLines, 'line')} that people wrote outside the answers (still in the notes).`,
        ]
      : []),
    ...(carries === 'table' && digest.hasJots
      ? ['Not included: jots (a table holds only questions and answers).']
      : []),
    ...(anonymous
      ? [
          'Names of groups and files are left out. Names that people wrote into their answers are still there.',
        ]
      : []),
    ...privacyWarning(files.flatMap(file => file.sightings)),
  ])
}
