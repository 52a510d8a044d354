import questions from './questions.mjs'

/** Plop asks its questions to fill in templates; here there are none. */
// biome-ignore lint/style/noDefaultExport: plop asks for one
export default plop =>
  plop.setGenerator('story', {
    description: 'the questions of the guide',
    prompts: questions.map(({ id, text }) => ({ type: 'input', name: id, message: text })),
    actions: [],
  })
