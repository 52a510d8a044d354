import { countInWords } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import type { EndChoice, EndContext } from '../domain/interview-protocol.ts'
import { canOpen, openInBrowser } from './environment.ts'
import type { MadeDocument, SessionServices } from './session-port.ts'
import type { Choice } from './terminal/select.ts'

/** How a UI carries out what is chosen at the end. */
interface EndUi {
  choose<T>(message: string, choices: readonly Choice<T>[]): Promise<T | undefined>
  say(text: string): void
  /** Asks which question to go to. */
  list(): Promise<string | undefined>
  read(): Promise<void>
  find(): Promise<void>
  /** Whether it can be asked if a document should be opened. */
  opens: boolean
}

const DOCUMENTS = new Map([
  ['docx', { name: 'Word document', key: 'd' }],
  ['html', { name: 'web page', key: 'h' }],
  ['pdf', { name: 'PDF', key: 'p' }],
])

/** Asks what next until the person goes on or leaves. */
export async function endWith(
  { count, elsewhere }: EndContext,
  ui: EndUi,
  { formats, makeDocument }: Pick<SessionServices, 'formats' | 'makeDocument'>,
): Promise<EndChoice> {
  const documents = ((await formats?.()) ?? []).flatMap(format => {
    const drawn = DOCUMENTS.get(format)
    return drawn ? [{ ...drawn, value: { format } }] : []
  })
  const choices: Choice<EndChoice | 'read' | 'list' | 'find' | { format: string }>[] = [
    ...(count.open > 0 ? [{ name: `open questions (${count.open})`, value: 'open' as const, key: 'o' }] : []),
    ...(elsewhere > 0
      ? [{ name: `rest of the guide (${elsewhere} open)`, value: 'rest' as const, key: 'r' }]
      : []),
    { name: 'read my notes', value: 'read', key: 'n' },
    { name: 'search my notes', value: 'find', key: '/' },
    ...documents,
    { name: 'list of questions', value: 'list', key: 'g' },
    { name: 'leave', value: 'leave', key: 'q' },
  ]
  for (;;) {
    const choice =
      (await ui.choose(`That was the last question: ${countInWords(count)}.`, choices)) ?? 'leave'
    if (choice === 'read' || choice === 'find') await ui[choice]()
    else if (choice === 'list') {
      const to = await ui.list()
      if (to !== undefined) return { to }
    } else if (typeof choice !== 'object' || 'to' in choice) return choice
    else await shareWith(ui, () => makeDocument?.(choice.format))
  }
}

async function shareWith(ui: EndUi, make: () => Promise<MadeDocument> | undefined): Promise<void> {
  const made = await make()?.catch((error): MadeDocument => ({ told: sentenceOf(error) }))
  if (made) ui.say(made.told)
  if (made?.path === undefined || !ui.opens || !canOpen()) return
  const choices = [
    { name: 'open it now', value: true, key: 'o' },
    { name: 'not now', value: false, key: 'n' },
  ]
  if (await ui.choose('Open it now?', choices)) await openInBrowser(made.path)
}
