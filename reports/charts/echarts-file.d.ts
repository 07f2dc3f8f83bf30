/** ECharts in one file: a third of the time and half of the memory that its thousand modules take to load. */
declare module 'echarts/dist/echarts.esm.min' {
  export * from 'echarts';
}
