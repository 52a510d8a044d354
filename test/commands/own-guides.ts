/* Guides as others might write them: nothing in the code may know how many elements or questions there are. */

const four = ['Purpose', 'Practice', 'People', 'Place']

function elementOf(name: string, i: number): string {
  const id = `e${i + 1}`
  const story = `      story:
        - id: ${id}.s
          text: >-
            How does the story show ${name.toLowerCase()}: in words, or in deeds?
`
  const comparison = `      lead-in: >-
        And with us?
      comparison:
        - id: ${id}.c
          compares: ${id}.s
          text: >-
            Where do we show ${name.toLowerCase()}?
`
  return `    - id: ${id}\n      title: >-\n        Element ${i + 1}: ${name}\n${story}${i === 2 ? '' : comparison}`
}

/** Four elements, one without comparisons, two warmup questions, two videos. */
export const FOREIGN_GUIDE = `id: xx-design
name: design
title: Design and Structure
source:
  publisher: Somebody Else
warmup:
  title: Before
  questions:
    - id: hello
      text: >-
        Who are you?
    - id: hopes
      text: >-
        What do you hope for?
stories:
  title: The two stories
  videos:
    - title: First film
      url: https://example.org/films/1
    - title: Second film
      url: https://example.org/films/2
  elements:
${four.map(elementOf).join('')}action:
  title: Afterwards
  questions:
    - id: do
      text: >-
        What now?
`

/** Its questions, in its order. */
export const FOREIGN_IDS = [
  'hello',
  'hopes',
  ...['e1.s', 'e1.c', 'e2.s', 'e2.c', 'e3.s', 'e4.s', 'e4.c'],
  'do',
]

export const FOREIGN_PLAN = `title: Half an hour on design
guide: xx-design
minutes: 30
groups:
  - label: North
    element: e2
  - label: South
    element: e3
steps:
  - id: arrive
    minutes: 10
    ask: [hello, hopes]
  - id: talk
    minutes: 20
    say: >-
      Look at your element.
    ask: [story, comparison, do]
`

export const SPANISH_GUIDE = `id: distrito-equidad
name: equidad
language: es
title: Historias de aprendizaje: equidad
source:
  publisher: Distrito Escolar
stories:
  title: Preguntas sobre la historia
  elements:
    - id: ano-escolar
      title: >-
        Elemento 1: El año escolar
      framing: >-
        ¿Cómo empieza el año? «Bienvenidos», dicen los niños.
      story:
        - id: ano.1
          text: >-
            ¿Qué hacen los maestros en la historia?
      comparison:
        - id: ano.2
          compares: ano.1
          text: >-
            ¿Y ustedes? ¿Qué harían mañana?
action:
  title: Manos a la obra
  questions:
    - id: accion
      text: >-
        ¿Qué harán ustedes y su equipo?
`.replace('title: Historias de aprendizaje: equidad', "title: 'Historias de aprendizaje: equidad'")

/** As many questions as asked for, in elements of ten pairs. */
export function longGuide(questions: number): string {
  const elements = Array.from({ length: Math.ceil(questions / 20) }, (_, e) => {
    const pairs = Array.from({ length: 10 }, (_, q) => q + 1)
    const story = pairs.map(
      q => `        - id: e${e}.s${q}\n          text: Question ${q} about the story?\n`,
    )
    const comparison = pairs.map(
      q =>
        `        - id: e${e}.c${q}\n          compares: e${e}.s${q}\n          text: Question ${q} about us?\n`,
    )
    return `    - id: e${e}\n      title: Element ${e}\n      story:\n${story.join('')}      comparison:\n${comparison.join('')}`
  })
  return `id: long\nname: long\ntitle: Long\nsource:\n  publisher: P\nstories:\n  title: S\n  elements:\n${elements.join('')}`
}
