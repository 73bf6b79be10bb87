/** What a person needs after a start: where, as whom, and how to stop. */
export const welcome = ({ url, world, dataFolder }: { url: string; world: boolean; dataFolder: string }): void => {
  console.log(`
  پیوند · Peyvand     ${url}

  the live page       ${url}/
  API reference       ${url}/api/docs      ${url}/api/openapi.json   ${url}/api/asyncapi.json
  a token             curl -s ${url}/api/auth/token -H 'content-type: application/json' -d '{"user":"narvan.buyer"}'
  demo users          narvan.buyer  narvan.approver  narvan.storekeeper  narvan.signatory  gamak.producer  ayineh.funder
                      resaleh.funder  pezhvak.funder  rah-abrisham.carrier  operator      (all: ${url}/api/auth/users)
  ${world ? 'the hero story «بازگشایی مدارس» begins now; every firm is fictional, a day takes half a second' : 'empty: no demo firms were made (npm start makes them)'}
  data                ${dataFolder}   (npm start -- --reset begins anew)
  stop                Ctrl-C
`);
};
