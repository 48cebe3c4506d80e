(specs) => {
  // Draws charts with the library that each names, as its own manual shows, one below another.
  const one = (spec) => {
  const { library, kind, variant, width, height, title, labels, series, dark, legend } = spec;
  const colours = spec.colours ?? undefined;
  const ground = dark ? "#1e1e24" : "#ffffff";
  const ink = dark ? "#dddddd" : "#333333";
  const box = document.body.appendChild(document.createElement("div"));
  box.className = "collected";
  box.style.cssText = `width:${width}px;height:${height}px;background:${ground};overflow:hidden;flex:none`;
  const colour = (place) => (colours ? colours[place % colours.length] : undefined);
  const named = series.map((one, place) => ({ ...one, name: `${one.name} ${place || ""}`.trim() }));

  const draw = {
    chartjs() {
      const canvas = box.appendChild(document.createElement("canvas"));
      const round = ["pie", "doughnut", "polarArea"][variant % 3];
      const type = { bar: "bar", line: "line", pie: round, scatter: variant === 5 ? "bubble" : "scatter" }[kind];
      Chart.defaults.color = ink;
      new Chart(canvas, {
        type,
        data: {
          labels: kind === "scatter" ? undefined : labels,
          datasets: named.map((one, place) => ({
            label: one.name,
            data: kind === "scatter" ? one.points.map(([x, y]) => ({ x, y, r: 2 + (x % 5) * 2 })) : one.values,
            backgroundColor: colours && (kind === "pie" ? colours : colour(place)),
            borderColor: colours && kind === "line" ? colour(place) : undefined,
            fill: kind === "line" && variant === 1,
            tension: variant % 2 ? 0.4 : 0,
            stepped: kind === "line" && variant === 4,
          })),
        },
        options: {
          animation: false,
          responsive: true,
          maintainAspectRatio: false,
          indexAxis: kind === "bar" && variant === 2 ? "y" : "x",
          scales: kind === "pie" ? {} : { x: { stacked: variant === 3 }, y: { stacked: variant === 3 } },
          plugins: { legend: { display: legend || kind === "pie" }, title: { display: !!title, text: title } },
        },
      });
    },
    plotly() {
      const traces = named.map((one, place) => {
        if (kind === "pie") return { type: "pie", labels, values: one.values, hole: variant % 2 ? 0.45 : 0 };
        const marker = { color: colour(place) };
        if (kind === "bar") {
          return variant === 2
            ? { type: "bar", orientation: "h", x: one.values, y: labels, name: one.name, marker }
            : { type: "bar", x: labels, y: one.values, name: one.name, marker };
        }
        if (kind === "line") {
          const mode = ["lines", "lines+markers"][variant % 2];
          return { mode, x: labels, y: one.values, name: one.name, fill: variant === 4 ? "tozeroy" : undefined };
        }
        return { mode: "markers", x: one.points.map((p) => p[0]), y: one.points.map((p) => p[1]), name: one.name };
      });
      const layout = {
        width, height, showlegend: legend, barmode: variant === 3 ? "stack" : "group",
        title: title ? { text: title } : undefined, paper_bgcolor: ground, font: { color: ink },
        plot_bgcolor: variant % 2 ? "#e5ecf6" : ground, colorway: colours,
        margin: { l: 48, r: 16, t: title ? 48 : 16, b: 40 },
      };
      Plotly.newPlot(box, traces, layout, { staticPlot: true });
    },
    frappe() {
      const type = { bar: "bar", line: "line", pie: ["pie", "donut", "percentage"][variant % 2] }[kind];
      new frappe.Chart(box, {
        title, type, height, colors: colours, animate: 0,
        data: { labels, datasets: named.map((one) => ({ name: one.name, values: one.values })) },
        lineOptions: { regionFill: variant === 1 ? 1 : 0, hideDots: variant % 2, spline: variant === 2 ? 1 : 0 },
        barOptions: { stacked: variant === 3 },
      });
    },
    echarts() {
      const chart = echarts.init(box, dark ? "dark" : undefined, { renderer: "canvas" });
      const flat = kind !== "pie";
      const onSide = kind === "bar" && variant === 2;
      const names = { type: "category", data: labels };
      const amounts = { type: "value" };
      chart.setOption({
        animation: false, color: colours, title: { text: title, left: variant % 2 ? "center" : "left" },
        legend: legend ? { bottom: 0 } : undefined,
        xAxis: flat ? (kind === "scatter" || onSide ? amounts : names) : undefined,
        yAxis: flat ? (onSide ? names : amounts) : undefined,
        series: named.map((one) => ({
          name: one.name, type: kind, smooth: variant % 2 === 1, stack: variant === 3 && kind !== "scatter" ? "all" : undefined,
          areaStyle: kind === "line" && variant === 1 ? {} : undefined,
          radius: kind === "pie" ? ["60%", ["30%", "60%"]][variant % 2] : undefined,
          roseType: kind === "pie" && variant === 4 ? "area" : undefined,
          data: {
            pie: labels.map((name, place) => ({ name, value: one.values[place] })),
            scatter: one.points,
          }[kind] ?? one.values,
        })),
      });
    },
    vega() {
      const rows = named.flatMap((one) =>
        kind === "scatter"
          ? one.points.map(([x, y]) => ({ x, y, of: one.name }))
          : labels.map((x, place) => ({ x, y: one.values[place], of: one.name })));
      const mark = {
        bar: "bar", line: ["line", "area", { type: "line", point: true }][variant % 3],
        pie: { type: "arc", innerRadius: variant % 2 ? 40 : 0 },
        scatter: ["point", "circle", "square"][variant % 3],
      }[kind];
      const shown = { field: "of", type: "nominal", legend: legend ? undefined : null };
      const x = { field: "x", type: kind === "scatter" ? "quantitative" : "ordinal" };
      const y = { field: "y", type: "quantitative" };
      const onSide = kind === "bar" && variant === 2;
      const encoding = kind === "pie"
        ? { theta: y, color: { field: "x", type: "nominal", legend: legend ? undefined : null } }
        : { x: onSide ? y : x, y: onSide ? x : y, color: shown };
      const config = dark
        ? { background: ground, axis: { labelColor: ink, titleColor: ink, gridColor: "#444" },
            legend: { labelColor: ink, titleColor: ink }, title: { color: ink } }
        : {};
      if (colours) config.range = { category: colours };
      const compiled = vegaLite.compile({
        width: width - 90, height: height - 60, title, data: { values: rows }, mark, encoding, config });
      return new vega.View(vega.parse(compiled.spec), { renderer: "svg", container: box }).runAsync()
        .then(() => true);
    },
    billboard() {
      const type = {
        bar: "bar", line: ["line", "spline", "area", "step"][variant % 4], pie: ["pie", "donut"][variant % 2],
        scatter: "scatter",
      }[kind];
      const columns = kind === "pie"
        ? labels.map((name, place) => [name, named[0].values[place]])
        : named.map((one) => [one.name, ...(kind === "scatter" ? one.points.map((p) => p[1]) : one.values)]);
      bb.generate({
        bindto: box, size: { width, height }, title: { text: title }, transition: { duration: 0 },
        data: { columns, type,
                groups: variant === 3 ? [named.map((one) => one.name)] : undefined },
        axis: { rotated: variant === 2 && kind === "bar", x: kind === "scatter" ? {} :
          { type: "category", categories: labels } },
        legend: { show: legend }, color: colours ? { pattern: colours } : undefined,
        grid: { y: { show: variant % 2 === 1 } },
      });
    },
  };
  return draw[library]();
  };
  return Promise.all(specs.map(one)).then(() => true);
}
