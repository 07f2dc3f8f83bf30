/** What all forms say. */
export const forms = {
  refused: {
    title: 'Nothing was changed',
    foreign: 'This form was sent from a page that is not one of ours. Open the page here, and send it from there.',
    type: 'What was sent is no form. Programs use the API: GET /openapi.json lists its routes.',
  },
};
