/**
 * Marks what fits the machine the page is looked at on, and puts it first. Everything is on the page without it: a browser does not
 * always know, and its reader may be after another machine.
 */
export const portalScript = `(() => {
  const agent = navigator.userAgent;
  const isPhone = /Android|iPhone|iPad/.test(agent);
  const system = isPhone ? "" : /Windows/.test(agent) ? "win" : /Mac/.test(agent) ? "darwin" : /Linux/.test(agent) ? "linux" : "";
  const list = document.querySelector("#platforms");
  if (system === "" || list === null) return;
  const show = (machine) => {
    const cards = [...list.children].filter(({ dataset }) => dataset.platform.startsWith(system + "-" + machine));
    for (const card of cards) {
      card.classList.add("here");
      card.querySelector(".mark").hidden = false;
    }
    list.prepend(...cards);
  };
  const hints = navigator.userAgentData;
  if (hints?.getHighEntropyValues === undefined) {
    show(system === "darwin" ? "" : /aarch64|arm64/.test(agent) ? "arm64" : "x64");
    return;
  }
  hints.getHighEntropyValues(["architecture"]).then(
    ({ architecture }) => show(architecture === "arm" ? "arm64" : architecture === "x86" ? "x64" : ""),
    () => show(""),
  );
})();
`;
